import { type Action, stopResume } from '../../core/action.ts'
import type { Confirmation } from '../../core/confirmation.ts'
import { digestOf } from '../../core/digest.ts'
import type { Account, CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { saidOf } from '../../core/stop.ts'
import { environmentOf } from '../../policy/environments.ts'
import { asking, newConfirmation } from '../people/askToConfirm.ts'
import { peopleOfAgents } from '../people/chain.ts'
import { type PersonClaim, personOf, resolveClaim } from '../people/identify.ts'
import type { Word } from '../people/word.ts'
import { policyTool } from '../policy/policyTool.ts'
import type { Ports } from '../ports.ts'
import { submit } from '../submit.ts'
import type { Stop } from './records.ts'
import { resumeApproved } from './resumeApproved.ts'
import { reasonOf } from './scope.ts'

/** Somebody wants a stop to hold no longer. */
export interface Resuming extends Word {
  readonly stop: string
  /** Who asks for it: they can never approve it. */
  readonly by: PersonClaim
  readonly reason: string
  /** Whoever asks does so themselves, in their channel; otherwise a shell says so, and they are asked first. */
  readonly inPerson?: true
  /** Names the click that asks, so that it asks once. */
  readonly delivery?: string
}

export type Resumed =
  | { readonly outcome: 'asked'; readonly request: ActionRequest }
  /** Nobody else is asked before whoever asks for it has confirmed that they do. */
  | { readonly outcome: 'unconfirmed'; readonly confirmation: Confirmation }

/**
 * Resuming gives back what a stop took away, so it is an action: judged by the policy (`stop.resume`), and decided by somebody
 * who is neither behind the stopped agent nor asking for it. A policy that allows it without asking anybody resumes nothing.
 *
 * @throws Refusal `unknown_stop`, `not_applicable` when it is resumed already, `reason_needed`, `unknown_person`,
 *   `directory_unavailable`, `not_ready` without a policy, those of `submit`
 */
export async function resumeStop(ports: Ports, ask: Resuming): Promise<Resumed> {
  const reason = reasonOf(ask.reason)
  const stop = await standingStop(ports, ask.stop)
  const author = await resolveClaim(ports, ask.by, '/by')
  if (ports.confirms && !ask.inPerson && ask.confirmation === undefined)
    return {
      outcome: 'unconfirmed',
      confirmation: await askedFirst(ports, { ...ask, reason }, { stop, author }),
    }
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('not_ready', 'there is no policy that could judge it')
  const tool = await policyTool(ports, author, ask)
  const resource = { type: 'stop', id: stop.id }
  const action: Action = {
    action: stopResume,
    resource,
    params: await paramsOf(ports, stop),
    environment: environmentOf(bundle, resource),
  }
  const envelope = {
    ...tool,
    via: ask.inPerson ? 'slack' : 'cli',
    idempotencyKey: ask.confirmation ?? ask.delivery ?? ports.ids.next('act'),
    bodyDigest: digestOf('countersign/body/v1', { resume: stop.id }),
    about: await peopleBehindStopped(ports, stop),
  } as const
  const submission = { action, reason, initiator: null, involved: [], run: null, expiresInSeconds: null }
  const { request } = await submit(ports, envelope, submission)
  // Nobody has decided: that it resumes nothing is recorded at once.
  if (request.state === 'approved') await resumeApproved(ports, request.id)
  return { outcome: 'asked', request }
}

async function standingStop({ store }: Pick<Ports, 'store'>, id: string): Promise<Stop> {
  const stop = await store.stop(id)
  if (!stop) throw new Refusal('unknown_stop', 'no stop of that id')
  if (stop.resumed) throw new Refusal('not_applicable', 'the stop is resumed already')
  return stop
}

/** What people read: what is held, since when, why. */
async function paramsOf(
  { store }: Pick<Ports, 'store'>,
  { scope, reason, at }: Stop,
): Promise<Action['params']> {
  const agent = scope.kind === 'agent' ? await store.agent(scope.agent) : null
  return { stopped: saidOf(scope, agent?.name), why: reason, since: at }
}

/** Whoever is behind what the stopped agent asks for: its owner, and whoever made a key of it that works. */
async function peopleBehindStopped(ports: Ports, { scope }: Stop): Promise<readonly CurrentPerson[]> {
  if (scope.kind !== 'agent') return []
  const agent = await ports.store.agent(scope.agent)
  return agent ? peopleOfAgents(ports, [agent]) : []
}

async function askedFirst(
  ports: Ports,
  ask: Resuming,
  { stop, author }: { readonly stop: Stop; readonly author: Account },
): Promise<Confirmation> {
  const person = await personOf(ports, author)
  const waiting = (await ports.store.confirmationsAbout(person)).find(
    ({ what, state, until }) =>
      what.kind === 'resume' &&
      what.stop === stop.id &&
      state === 'waiting' &&
      ports.clock().toISOString() < until,
  )
  if (waiting) return waiting
  const { reason } = ask
  const { stopped } = await paramsOf(ports, stop)
  const confirmation = newConfirmation(
    ports,
    { kind: 'resume', author: person, stop: stop.id, name: String(stopped), reason },
    { word: ask, asked: [{ person, account: author, as: 'author' }] },
  )
  if ((await ports.store.commit(asking(ports, confirmation))) !== 'applied')
    throw new Refusal('busy', 'the question could not be written')
  return confirmation
}
