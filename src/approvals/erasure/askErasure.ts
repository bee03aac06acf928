import { type Action, recordErase } from '../../core/action.ts'
import type { Confirmation } from '../../core/confirmation.ts'
import { digestOf } from '../../core/digest.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { environmentOf } from '../../policy/environments.ts'
import { asking, newConfirmation } from '../people/askToConfirm.ts'
import { type PersonClaim, personOf, resolveClaim } from '../people/identify.ts'
import type { Word } from '../people/word.ts'
import { policyTool } from '../policy/policyTool.ts'
import type { Ports } from '../ports.ts'
import { reasonOf } from '../stops/scope.ts'
import { submit } from '../submit.ts'
import { eraseApproved } from './eraseApproved.ts'
import type { Erasable } from './records.ts'
import { surveyOf } from './survey.ts'

/** Somebody with a shell wants something to be erased from the record. */
export interface AskedErasure extends Word {
  readonly erasable: Erasable
  /** Who asks for it: they can never approve it. */
  readonly by: PersonClaim
  readonly reason: string
  /** Whether the cards of what is erased are drawn again, without it. */
  readonly updateCards: boolean
}

/** So many people stand behind one request at most, so that its entry stays small enough for the ledger. */
const mostPeople = 200

export type ErasureAsked =
  | { readonly outcome: 'asked'; readonly request: ActionRequest }
  /** Nobody else is asked before whoever asks for it has confirmed that they do. */
  | { readonly outcome: 'unconfirmed'; readonly confirmation: Confirmation }

/**
 * Erasing takes evidence away, so it is an action: judged by the policy (`record.erase`), and decided by somebody who is neither behind
 * what is erased, nor decided about it, nor asks for it. A policy that allows it without asking anybody erases nothing.
 *
 * @throws Refusal `unknown_request`, `not_applicable` while it is open, when it is a record of a command of ours, or when nothing is left
 *   to erase; `reason_needed`, `unknown_person`, `directory_unavailable`, `not_ready` without a policy, those of `submit`
 */
export async function askErasure(ports: Ports, ask: AskedErasure): Promise<ErasureAsked> {
  const reason = reasonOf(ask.reason)
  const { erasable, updateCards } = ask
  const { extent, about } = await surveyOf(ports, erasable)
  const author = await resolveClaim(ports, ask.by, '/by')
  if (extent.requests + extent.values === 0) throw nothing()
  if (about.length > mostPeople) throw tooMany(about.length)
  if (ports.confirms && ask.confirmation === undefined)
    return { outcome: 'unconfirmed', confirmation: await askedFirst(ports, { ...ask, reason }, author) }
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('not_ready', 'there is no policy that could judge it')
  const tool = await policyTool(ports, author, ask)
  const resource = { type: 'record', id: erasable.id }
  const action: Action = {
    action: recordErase,
    resource,
    params: {
      erases: erasable.what,
      requests: extent.requests,
      values: extent.values,
      update_cards: updateCards,
    },
    environment: environmentOf(bundle, resource),
  }
  const envelope = {
    ...tool,
    via: 'cli',
    idempotencyKey: ask.confirmation ?? ports.ids.next('era'),
    bodyDigest: digestOf('countersign/body/v1', { erase: erasable.id }),
    about,
  } as const
  const submission = { action, reason, initiator: null, involved: [], run: null, expiresInSeconds: null }
  const { request } = await submit(ports, envelope, submission)
  // Nobody has decided: that it erases nothing is recorded at once.
  if (request.state === 'approved') await eraseApproved(ports, request.id)
  return { outcome: 'asked', request }
}

async function askedFirst(ports: Ports, ask: AskedErasure, author: Account): Promise<Confirmation> {
  const person = await personOf(ports, author)
  const { erasable, reason, updateCards } = ask
  const waiting = (await ports.store.confirmationsAbout(person)).find(
    ({ what, state, until }) =>
      what.kind === 'erase' &&
      what.id === erasable.id &&
      what.updateCards === updateCards &&
      state === 'waiting' &&
      ports.clock().toISOString() < until,
  )
  if (waiting) return waiting
  const confirmation = newConfirmation(
    ports,
    { kind: 'erase', author: person, what: erasable.what, id: erasable.id, reason, updateCards },
    { word: ask, asked: [{ person, account: author, as: 'author' }] },
  )
  if ((await ports.store.commit(asking(ports, confirmation))) !== 'applied')
    throw new Refusal('busy', 'the question could not be written')
  return confirmation
}

function tooMany(people: number): Refusal {
  return new Refusal('not_applicable', 'too many people are behind what would be erased at once', [
    {
      pointer: '/person',
      detail: `${people} people are behind these requests or decided about them, and none of them may decide this: erase them request by request.`,
    },
  ])
}

function nothing(): Refusal {
  return new Refusal('not_applicable', 'nothing is left to erase', [
    { pointer: '/request', detail: 'Nothing is left to erase.' },
  ])
}
