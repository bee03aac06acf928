import { type Asked, type Confirmation, unanswered } from '../../core/confirmation.ts'
import { type Account, type AccountKey, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { notStaff, whyNotStaffOnceLinked } from '../../core/staff.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'
import { orRefuse } from './askDirectory.ts'
import { confirmationEntry, lapseKey } from './askToConfirm.ts'
import { currentPerson } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'
import { personOf } from './identify.ts'
import { onConfirmed, onDisowned } from './takingEffect.ts'

/** Somebody presses a button of the message that asks them. */
export interface AnswerAttempt {
  readonly confirmation: string
  readonly account: AccountKey
  readonly via: string
  /** The message that the button stands on, in the channel's own words. */
  readonly message: string
  /** Name of the click: delivered twice, it counts once. */
  readonly delivery: string
}

export interface Answered {
  readonly confirmation: Confirmation
  /** True when this click was counted before. */
  readonly repeated: boolean
}

/**
 * The person stands behind what was claimed in their name. When everybody who was asked has said so, it takes effect in
 * the same commit, judged by who they are then (threats: claimed-administrator).
 *
 * @throws Refusal `foreign_payload`, `card_unrecorded`, `not_asked`, `not_staff`, `identity_unknown`, `confirmation_over`, `busy`
 */
export function confirm(ports: Ports, attempt: AnswerAttempt): Promise<Answered> {
  return answer(ports, attempt, confirming)
}

/**
 * It was not them: what was claimed gives nothing any more, and those who have to know are told.
 *
 * @throws Refusal as `confirm` does
 */
export function disown(ports: Ports, attempt: AnswerAttempt): Promise<Answered> {
  return answer(ports, attempt, disowning)
}

/** What an answer changes, by the newest version of the claim. */
type Answering = (ports: Ports, about: Answer) => Promise<Change>

interface Answer {
  readonly confirmation: Confirmation
  readonly mine: Asked
  readonly actor: Actor
  readonly account: Account
}

/** As often as an answer that lost a race is judged again: each loss means that another one got through. */
const triesWhenBeaten = 12

async function answer(ports: Ports, attempt: AnswerAttempt, answering: Answering): Promise<Answered> {
  for (let tries = 0; tries < triesWhenBeaten; tries += 1) {
    const confirmation = await ports.store.confirmation(attempt.confirmation)
    if (!confirmation) throw new Refusal('foreign_payload', 'an answer to a claim that does not exist')
    const ruling = await ruled(ports, attempt, { confirmation, answering })
    // Somebody who could not be looked up may press again: that click is not spent.
    if (ruling instanceof Refusal && ruling.passes) throw ruling
    const change =
      ruling instanceof Refusal ? await refused(ports, attempt, { confirmation, ruling }) : ruling
    const committed = await ports.store.commit({ ...change, delivery: attempt.delivery })
    if (committed === 'conflict') continue
    if (committed === 'duplicate') return { confirmation, repeated: true }
    if (ruling instanceof Refusal) throw ruling
    return { confirmation: ruling.confirmations?.[0]?.next ?? confirmation, repeated: false }
  }
  throw new Refusal('busy', 'an answer to a claim lost too many races')
}

async function ruled(
  ports: Ports,
  attempt: AnswerAttempt,
  { confirmation, answering }: { readonly confirmation: Confirmation; readonly answering: Answering },
): Promise<Change | Refusal> {
  try {
    const mine = await theirs(ports, attempt, confirmation)
    return await answering(ports, { confirmation, ...mine })
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal
    throw refusal
  }
}

/** The part of whoever answers, when it is they who were asked, on the message that asked them, and it is still open. */
async function theirs(
  ports: Ports,
  attempt: AnswerAttempt,
  confirmation: Confirmation,
): Promise<Omit<Answer, 'confirmation'>> {
  const account = await orRefuse('identity_unknown', () => ports.directory.account(attempt.account))
  const keys = [account.key, ...(account.formerKeys ?? [])]
  const mine = confirmation.asked.find((one) => keys.includes(one.account))
  if (!mine) throw new Refusal('not_asked', 'an answer by an account that was not asked')
  // Whoever says that an account is theirs does so before it is linked.
  const fault = whyNotStaffOnceLinked(account)
  if (fault) throw notStaff(fault, account)
  const person = await personOf(ports, account)
  if (!samePerson(await currentPerson(ports, mine.person), person))
    throw new Refusal('not_asked', 'the account is somebody else’s now than when it was asked')
  if (mine.message === null)
    throw new Refusal('card_unrecorded', 'an answer on a message whose posting is not on record')
  if (mine.message !== attempt.message)
    throw new Refusal('foreign_payload', 'an answer on another message than the one that asked')
  if (!isOpen(ports, confirmation) || mine.answer !== null)
    throw new Refusal('confirmation_over', `an answer to a claim that is ${confirmation.state}`)
  return { mine, account, actor: { kind: 'person', id: person, account: account.key, via: attempt.via } }
}

/** The job that ends its time may come late: the time itself counts. */
function isOpen(ports: Ports, { state, until }: Confirmation): boolean {
  return state === 'waiting' && ports.clock().toISOString() < until
}

async function confirming(ports: Ports, about: Answer): Promise<Change> {
  if (about.mine.code) throw new Refusal('foreign_payload', 'what a code confirms has no button for it')
  const answered = withAnswer(about, 'confirmed')
  const isLast = unanswered(answered).length === 0
  if (isLast) await refuseUnlessAllStand(ports, answered)
  const effect = isLast ? await onConfirmed(ports, answered.what, answered) : {}
  const next: Confirmation = { ...answered, state: isLast ? 'confirmed' : 'waiting' }
  return {
    ...effect,
    confirmations: [{ expected: about.confirmation.version, next }, ...(effect.confirmations ?? [])],
    entries: [
      confirmationEntry(ports, next, {
        type: 'confirmation.given',
        actor: about.actor,
        data: { as: about.mine.as, effective: isLast },
        kept: { identity: { ...about.account }, shell: { ...next.shell } },
      }),
      ...(effect.entries ?? []),
    ],
    jobs: [{ task: 'confirm', confirmation: next.id }, ...(effect.jobs ?? [])],
    dropJobs: isLast ? [lapseKey(next), ...(effect.dropJobs ?? [])] : [],
  }
}

async function disowning(ports: Ports, about: Answer): Promise<Change> {
  const next: Confirmation = { ...withAnswer(about, 'disowned'), state: 'disowned' }
  const effect = await onDisowned(ports, next.what, next)
  return {
    ...effect,
    confirmations: [{ expected: about.confirmation.version, next }, ...(effect.confirmations ?? [])],
    entries: [
      confirmationEntry(ports, next, {
        type: 'confirmation.disowned',
        actor: about.actor,
        data: { as: about.mine.as },
        kept: { identity: { ...about.account }, shell: { ...next.shell } },
      }),
      ...(effect.entries ?? []),
    ],
    jobs: [
      { task: 'confirm', confirmation: next.id },
      { task: 'disowned', confirmation: next.id },
      ...(effect.jobs ?? []),
    ],
    dropJobs: [lapseKey(next), ...(effect.dropJobs ?? [])],
  }
}

function withAnswer({ confirmation, mine }: Answer, answer: Asked['answer']): Confirmation {
  const asked = confirmation.asked.map((one) => (one === mine ? { ...one, answer } : one))
  return { ...confirmation, version: confirmation.version + 1, asked }
}

/**
 * Judged at the moment of effect: whoever confirmed and has left since stands behind nothing any more. Whoever gave an agent
 * away need not: that was theirs to give.
 */
export async function refuseUnlessAllStand(ports: Ports, { what, asked }: Confirmation): Promise<void> {
  for (const { account, as } of asked) {
    if (what.kind === 'owner' && as === 'agent_owner') continue
    const found = await orRefuse('identity_unknown', () => accountOrNobody(ports.directory, account))
    if (!found || whyNotStaffOnceLinked(found))
      throw new Refusal('confirmation_over', 'somebody who had confirmed it is not staff any more')
  }
}

/** Whoever was refused is on record; nothing else changes. */
async function refused(
  ports: Ports,
  attempt: AnswerAttempt,
  { confirmation, ruling }: { readonly confirmation: Confirmation; readonly ruling: Refusal },
): Promise<Change> {
  const known = await ports.store.account(attempt.account)
  return {
    entries: [
      confirmationEntry(ports, confirmation, {
        type: 'confirmation.refused',
        actor: {
          kind: 'person',
          id: known?.person ?? attempt.account,
          account: attempt.account,
          via: attempt.via,
        },
        data: { code: ruling.code, detail: ruling.message, message: attempt.message },
      }),
    ],
  }
}
