import type { Logger } from 'pino'
import type { PersonClaim } from './approvals/identify.ts'
import { type Proposed, type Proposing, proposePolicy } from './approvals/proposePolicy.ts'
import type { House as WholeHouse } from './compose.ts'
import { Refusal } from './core/refusal.ts'
import type { Bundle } from './policy/bundle.ts'
import { readyToActivate, sayUnready } from './policy/change/ready.ts'

type House = Pick<WholeHouse, 'ports' | 'renewPolicy'>

/** What starting made of POLICY_DIR, in a sentence for the greeting; null when there is nothing to say. */
type Note = string | null

/** Asks the people whom the active policy wants to be asked, when there is somebody who can look them up. */
export type AskLater = (author: PersonClaim | null) => Promise<Note>

/**
 * POLICY_DIR becomes the active policy if it differs and passes; where the active policy asks for approval of its
 * changes, what comes back asks for it, once Slack is there. A bad bundle keeps the one that is active and says so loudly.
 */
export async function policyAtStart(
  house: House,
  {
    policyDir,
    files,
    log,
  }: {
    readonly policyDir: string
    /** What stands in it. */
    readonly files: ReadonlyMap<string, string>
    readonly log: Logger
  },
): Promise<AskLater> {
  const readiness = checked(files, log)
  if ('problems' in readiness) {
    const note = keepOld(house, { policyDir, log, problems: readiness.problems })
    return async () => note
  }
  const { bundle } = readiness
  const proposing: Proposing = {
    bundle,
    files: Object.fromEntries(files),
    author: null,
    reason: `The server was started with another policy in ${policyDir}.`,
    via: 'startup',
  }
  const proposed = await proposePolicy(house.ports, proposing)
  await house.renewPolicy()
  log.info({ policy: bundle.name, digest: bundle.digest, outcome: proposed.outcome }, 'policy')
  if (proposed.outcome === 'activated' || proposed.outcome === 'unchanged') return async () => null
  return (author) => ask(house, { ...proposing, author }, log)
}

/** Whatever goes wrong while a new policy is looked at is a reason to keep the old one, and never one not to start. */
function checked(
  files: ReadonlyMap<string, string>,
  log: Logger,
): { readonly bundle: Bundle } | { readonly problems: readonly string[] } {
  try {
    const readiness = readyToActivate(files)
    return readiness.ok ? readiness : { problems: sayUnready(readiness) }
  } catch (error) {
    log.error({ err: error }, 'the policy bundle could not be checked')
    return { problems: ['Checking it failed in a way that should not be possible: please report the log.'] }
  }
}

function keepOld(
  house: House,
  about: { readonly policyDir: string; readonly log: Logger; readonly problems: readonly string[] },
): Note {
  const { policyDir, log, problems } = about
  const active = house.ports.policy()
  log.error({ policyDir, problems }, 'the policy bundle cannot be activated')
  const stays = active
    ? 'the policy that was active before stays active'
    : 'there is no active policy: every request will be denied'
  log.warn(stays)
  return `The policy in ${policyDir} cannot be activated (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; countersign policy lint ${policyDir}): ${stays}.`
}

/** Asking can fail because of people, who are not a reason not to start: then the active policy stays, and we say so. */
async function ask(house: House, proposing: Proposing, log: Logger): Promise<Note> {
  try {
    const note = sayProposed(await proposePolicy(house.ports, proposing))
    if (note !== null) log.warn(note)
    return note
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const note = `The policy directory holds another policy than the active one, and asking for its approval was refused: ${refusal.says} (${refusal.code}) The active policy stays.`
    log.error({ code: refusal.code, detail: refusal.message }, note)
    return note
  }
}

function sayProposed(proposed: Proposed): Note {
  if (proposed.outcome === 'nobody_behind')
    return 'The policy directory holds another policy than the active one, which asks for approval of its changes. Set POLICY_OWNER, or run: countersign policy activate --by <you>. The active policy stays.'
  if (proposed.outcome !== 'asked') return null
  const { request, created } = proposed
  if (request.state === 'approved') return null
  if (request.state === 'pending')
    return `The policy directory holds another policy than the active one: ${created ? 'its approval has been asked for' : 'its approval is being waited for'} (${request.id}). Until then the active policy stays.`
  return `The policy directory holds another policy than the active one, and its approval was ${request.state} (${request.id}: ${request.outcome}). The active policy stays; to ask again: countersign policy activate --by <you>.`
}
