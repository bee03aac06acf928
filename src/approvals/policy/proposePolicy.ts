import { type Action, policyActivation } from '../../core/action.ts'
import type { Shell } from '../../core/confirmation.ts'
import { digestOf } from '../../core/digest.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { asksForActivation } from '../../policy/policyAction.ts'
import { activationAction, type ComparedFiles, changeAsked } from '../../policyTools/activation/activation.ts'
import { differenceOf } from '../../policyTools/difference/difference.ts'
import { Simulating } from '../../policyTools/simulation/simulate.ts'
import { testDifference, testsIn } from '../../policyTools/tests/testDifference.ts'
import { type PersonClaim, personOf, resolveClaim } from '../people/identify.ts'
import type { Ports } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { submit } from '../submit.ts'
import { activateApproved } from './activateApproved.ts'
import { activatePolicy, isActive, type NewPolicy, versionOf } from './activatePolicy.ts'
import { askAuthor, type QuestionToAuthor, startupKey } from './askAuthor.ts'
import { loadKept } from './keptBundle.ts'
import { policyTool } from './policyTool.ts'
import { recordedRequests } from './recordedRequests.ts'

/** A bundle that passed its checks, and who wants it to be active. */
export interface Proposing extends NewPolicy {
  /** Null when nobody is known to stand behind it: then it can only be activated where nobody has to be asked. */
  readonly author: PersonClaim | null
  /** Why, in the author's words. */
  readonly reason: string | null
  readonly via: 'cli' | 'startup'
  /** What was seen of the shell that it was typed at. */
  readonly shell?: Shell | null
  /** Id of the confirmation by which its author stands behind it. */
  readonly confirmation?: string
}

export type Proposed =
  | { readonly outcome: 'activated' | 'unchanged' }
  /** Only at start: it was active before and was replaced since, so going back is for people to say; nothing was done. */
  | { readonly outcome: 'replaced'; readonly active: PolicyVersion }
  /** The active policy asks for approval, and nobody stands behind the change; nothing was done. */
  | { readonly outcome: 'nobody_behind' }
  /** Nobody else is asked before its author has confirmed that they stand behind it. `created` is false when that was asked before. */
  | QuestionToAuthor
  /** `created` is false when it was asked before, and that request stands, whatever became of it. */
  | { readonly outcome: 'asked'; readonly request: ActionRequest; readonly created: boolean }

/**
 * Changes the active policy, or asks those people whom the active policy wants to be asked: a bundle whose catalogue has
 * `policy.activate` is only ever replaced by a request that it judged itself (docs/policy-tools.md#activate). The first bundle,
 * and one that this version cannot load any more, are replaced at once: there is nobody who could be asked.
 *
 * @throws Refusal those of `submit` and `activatePolicy`
 */
export async function proposePolicy(ports: Ports, proposing: Proposing): Promise<Proposed> {
  const active = await ports.store.activePolicy()
  if (isActive(active, proposing)) return { outcome: 'unchanged' }
  if (active && proposing.via === 'startup' && (await wasReplaced(ports, active, proposing)))
    return { outcome: 'replaced', active }
  const base = active && readable(active)
  if (active && base && asksForActivation(base)) return ask(ports, { base, version: active }, proposing)
  const { author, via } = proposing
  const by = author ? await personOf(ports, await resolveClaim(ports, author, '/by')) : via
  return { outcome: await activatePolicy(ports, { ...proposing, by }) }
}

/**
 * A server that restarts with yesterday's directory would put the policy of yesterday back for everybody (threats:
 * stale-replica). Read after the active version over which a change would be committed, so nothing slips in between.
 */
async function wasReplaced(ports: Ports, active: PolicyVersion, proposing: NewPolicy): Promise<boolean> {
  const { digest, filesDigest } = versionOf(proposing)
  const was = await ports.store.wasActive({ digest, filesDigest })
  // The same bundle with other tests than ever before goes back nowhere, unless that bundle is not the active one.
  return was === 'files' || (was === 'bundle' && digest !== active.digest)
}

interface Active {
  readonly base: Bundle
  readonly version: PolicyVersion
}

async function ask(ports: Ports, { base, version: active }: Active, proposing: Proposing): Promise<Proposed> {
  const { author, bundle, reason, via } = proposing
  const version = versionOf(proposing)
  const files = { base: active.filesDigest, head: version.filesDigest }
  const waiting = await waitingFor(ports, files)
  if (waiting) return { outcome: 'asked', request: waiting, created: false }
  if (author === null) return { outcome: 'nobody_behind' }
  if (ports.policy()?.digest !== base.digest) await ports.renewPolicy()
  if (ports.policy()?.digest !== base.digest)
    throw new Refusal('busy', 'the policy in use is not the active one yet')

  const account = await resolveClaim(ports, author, '/by')
  // On a claim alone, whoever has the shell could name a colleague, and then approve it (threats: claimed-administrator).
  if (ports.confirms && proposing.confirmation === undefined)
    return askAuthor(ports, account, { ...proposing, version, base: active })
  const tool = await policyTool(ports, account, proposing)
  const action = await changeOf(ports, { base, bundle, files, testsOf: [active.files, version.files] })
  // At start the same change is asked once, however often the server starts; a person may ask again.
  const once = via === 'startup' ? startupKey(files) : (proposing.confirmation ?? ports.ids.next('act'))
  const envelope = {
    ...tool,
    via,
    idempotencyKey: once,
    bodyDigest: digestOf('countersign/body/v1', files),
    policy: { version, activation: null, expected: files.base, at: ports.clock().toISOString() },
  }
  const submission = { action, reason, initiator: null, involved: [], run: null, expiresInSeconds: null }
  const asked = await submit(ports, envelope, submission)
  if (asked.request.state === 'approved') await activateApproved(ports, asked.request.id)
  return { outcome: 'asked', ...asked }
}

interface Changing {
  readonly base: Bundle
  readonly bundle: Bundle
  readonly files: ComparedFiles
  /** The files before and after. */
  readonly testsOf: readonly [PolicyVersion['files'], PolicyVersion['files']]
}

/** The change as an action, with what it would have done to requests of the past. */
async function changeOf(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  { base, bundle, files, testsOf: [before, after] }: Changing,
): Promise<Action> {
  const simulating = new Simulating(base, bundle)
  let recorded = 0
  for await (const page of recordedRequests(store, replayed)) {
    for (const one of page.recorded) simulating.add(one)
    recorded += page.recorded.length
  }
  const tests = testDifference(
    testsIn(new Map(Object.entries(before))),
    testsIn(new Map(Object.entries(after))),
  )
  const told = { tests, files, recorded }
  const at = clock().toISOString()
  const change = changeAsked(base, bundle, { ...told, simulation: simulating.counted(), at })
  if (change) simulating.add(change)
  const simulation = simulating.counted()
  return activationAction(base, bundle, { ...told, difference: differenceOf(base, bundle), simulation })
}

/** How many requests of the past a change is compared by. */
const replayed = 5_000

/** A request for the same change, file by file, that people have not decided yet, whoever made it. */
async function waitingFor(ports: Ports, files: ComparedFiles): Promise<ActionRequest | null> {
  const pending = await ports.store.requests({ states: ['pending'], limit: 1_000 })
  const same = ({ action }: ActionRequest): boolean =>
    action.action === policyActivation &&
    action.params.files === files.head &&
    action.params.base_files === files.base
  return pending.find(same) ?? null
}

function readable(version: PolicyVersion): Bundle | null {
  const loaded = loadKept(version)
  return loaded.ok ? loaded.bundle : null
}
