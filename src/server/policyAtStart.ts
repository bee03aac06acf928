import type { Logger } from 'pino'
import type { PersonClaim } from '../approvals/people/identify.ts'
import { Overtaken } from '../approvals/policy/activatePolicy.ts'
import { namesOf } from '../approvals/policy/askAuthor.ts'
import { type Proposed, type Proposing, proposePolicy } from '../approvals/policy/proposePolicy.ts'
import type { Confirmation } from '../core/confirmation.ts'
import { Refusal } from '../core/refusal.ts'
import type { Bundle } from '../policy/bundle.ts'
import { filesDigest } from '../policy/format/filesDigest.ts'
import { sayUnready } from '../policyTools/activation/ready.ts'
import { shortId } from '../policyTools/simulation/simulateText.ts'
import type { Parts as WholeHouse } from './compose.ts'
import type { PolicyAhead } from './policyAhead.ts'
import { thisShell } from './shell.ts'

type House = Pick<WholeHouse, 'ports'>

/** What starting made of POLICY_DIR, in a sentence for the greeting; null when there is nothing to say. */
type Note = string | null

/** Asks the people whom the active policy wants to be asked, when there is somebody who can look them up. */
export type AskLater = (author: PersonClaim | null) => Promise<Note>

/**
 * POLICY_DIR becomes the active policy if it differs and passes; where the active policy asks for approval of its
 * changes, what comes back asks for it, once Slack is there. A bad bundle keeps the one that is active and says so loudly.
 */
export async function policyAtStart(
  parts: House,
  {
    policyDir,
    ahead,
    log,
  }: {
    readonly policyDir: string
    /** What stands in it. */
    readonly ahead: PolicyAhead
    readonly log: Logger
  },
): Promise<AskLater> {
  const { files } = ahead
  if (await isActiveAlready(parts, files)) {
    log.info({ policy: nameOf(parts.ports.policy()), outcome: 'unchanged' }, 'policy')
    return async () => null
  }
  const readiness = checked(ahead, log)
  if ('problems' in readiness) {
    const note = await keepOld(parts, { policyDir, log, problems: readiness.problems })
    return async () => note
  }
  const { bundle } = readiness
  const proposing: Proposing = {
    bundle,
    files: Object.fromEntries(files),
    author: null,
    reason: `The server was started with another policy in ${policyDir}.`,
    via: 'startup',
    shell: thisShell(),
  }
  const proposed = await proposeAlone(parts, proposing, log)
  await parts.ports.renewPolicy()
  log.info({ policy: bundle.name, digest: bundle.digest, outcome: proposed.outcome }, 'policy')
  if (proposed.outcome === 'activated' || proposed.outcome === 'unchanged') return async () => null
  if (proposed.outcome !== 'replaced' && proposed.outcome !== 'overtaken')
    return (author) => ask(parts, { ...proposing, author }, { log, policyDir })
  const note = { replaced: sayReplaced, overtaken: sayOvertaken }[proposed.outcome](
    policyDir,
    nameOf(parts.ports.policy()),
  )
  log.warn({ policyDir, digest: bundle.digest }, note)
  return async () => note
}

/**
 * Whether exactly these files are what judges now. Then they passed when they were activated, and nothing is asked of them
 * again: linting them and running their tests is most of what a start does by itself. What this version cannot load is looked
 * at again, so that the greeting says why.
 */
async function isActiveAlready({ ports }: House, files: ReadonlyMap<string, string>): Promise<boolean> {
  await ports.renewPolicy()
  return ports.policy() !== null && (await ports.store.activeFiles()) === filesDigest(files)
}

/**
 * Two replicas that start at once with different directories: the first to write decides, and the other goes on with
 * that policy, which it has not been compared with, rather than replace it at once or not start.
 */
async function proposeAlone(parts: House, proposing: Proposing, log: Logger) {
  try {
    return await proposePolicy(parts.ports, proposing)
  } catch (refusal) {
    if (!(refusal instanceof Overtaken)) throw refusal
    log.warn({ detail: refusal.message }, 'another policy was activated during this start')
    return { outcome: 'overtaken' } as const
  }
}

function sayReplaced(policyDir: string, active: string): string {
  return `The policy in ${policyDir} was active before and has been replaced since, so starting does not put it back: ${active} judges. To go back on purpose: countersign policy activate ${policyDir} --by <you>.`
}

function sayOvertaken(policyDir: string, active: string): string {
  return `Another server activated a policy while this one started, so the one in ${policyDir} was not activated: ${active} judges. To activate this one over it: countersign policy activate ${policyDir} --by <you>.`
}

function nameOf(bundle: Bundle | null): string {
  return bundle
    ? `${bundle.name}@${shortId(bundle.digest)}`
    : 'the active policy, which this version cannot load,'
}

/** Whatever goes wrong while a new policy is looked at is a reason to keep the old one, and never one not to start. */
function checked(
  ahead: PolicyAhead,
  log: Logger,
): { readonly bundle: Bundle } | { readonly problems: readonly string[] } {
  try {
    const readiness = ahead.readiness()
    return readiness.ok ? readiness : { problems: sayUnready(readiness) }
  } catch (error) {
    log.error({ err: error }, 'the policy bundle could not be checked')
    return { problems: ['Checking it failed in a way that should not be possible: please report the log.'] }
  }
}

async function keepOld(
  parts: House,
  about: { readonly policyDir: string; readonly log: Logger; readonly problems: readonly string[] },
): Promise<Note> {
  await parts.ports.renewPolicy()
  const { policyDir, log, problems } = about
  const active = parts.ports.policy()
  log.error({ policyDir, problems }, 'the policy bundle cannot be activated')
  const stays = active
    ? `the policy that was active before stays active and judges: ${nameOf(active)}`
    : 'there is no active policy that could judge: every request is denied or put off'
  log.warn(stays)
  return `The policy in ${policyDir} cannot be activated (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; countersign policy lint ${policyDir}): ${stays}.`
}

/** Asking can fail because of people, who are not a reason not to start: then the active policy stays, and we say so. */
async function ask(
  parts: House,
  proposing: Proposing,
  { log, policyDir }: { readonly log: Logger; readonly policyDir: string },
): Promise<Note> {
  try {
    const proposed = await proposePolicy(parts.ports, proposing)
    const note =
      proposed.outcome === 'replaced'
        ? sayReplaced(policyDir, nameOf(parts.ports.policy()))
        : sayProposed(proposed)
    if (note !== null) log.warn(note)
    return note
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const note = `The policy directory holds a different policy from the active one, and asking for its approval was refused: ${refusal.says} (${refusal.code}) The active policy stays.`
    log.error({ code: refusal.code, detail: refusal.message }, note)
    return note
  }
}

function sayUnconfirmed(confirmation: Confirmation): string {
  const names = namesOf(confirmation)
  const held = 'The policy directory holds another policy than the active one'
  if (confirmation.state === 'waiting' || confirmation.state === 'confirmed')
    return `${held}: its approval is asked for as soon as ${names || 'its author'} has confirmed, in a direct message, that they stand behind it. Until then the active policy stays.`
  return `${held}, and ${names || 'its author'} has not confirmed that they stand behind it. The active policy stays; to ask again: countersign policy activate --by <you>.`
}

function sayProposed(proposed: Proposed): Note {
  if (proposed.outcome === 'nobody_behind')
    return 'The policy directory holds a different policy from the active one, which asks for approval of its changes. Set POLICY_OWNER, or run: countersign policy activate --by <you>. The active policy stays.'
  if (proposed.outcome === 'unconfirmed') return sayUnconfirmed(proposed.confirmation)
  if (proposed.outcome !== 'asked') return null
  const { request, created } = proposed
  if (request.state === 'approved') return null
  if (request.state === 'pending')
    return `The policy directory holds a different policy from the active one: ${created ? 'its approval has been asked for' : 'its approval is pending'} (${request.id}). Until then the active policy stays.`
  return `The policy directory holds a different policy from the active one, and its approval was ${request.state} (${request.id}: ${request.outcome}). The active policy stays; to ask again: countersign policy activate --by <you>.`
}
