import { createHash, timingSafeEqual } from 'node:crypto'
import type { AskedCode, Confirmation } from '../../core/confirmation.ts'
import { type Account, type AccountKey, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { doneBefore } from './agents.ts'
import { asking, confirmationEntry, ended, lapseKey } from './askToConfirm.ts'
import { refuseUnlessAllStand } from './confirm.ts'
import { personLinked } from './currentPeople.ts'
import { linkOf, type PersonClaim, resolveToLink } from './identify.ts'
import { join, newQuestion } from './linkAccounts.ts'
import { inPerson, type OwnAct } from './ownAgentActs.ts'
import { onConfirmed } from './takingEffect.ts'
import type { Word } from './word.ts'

/** How long a code works, how many wrong ones may be entered, and how many one person may have sent within an hour. */
export const linkCodes = { minutes: 10, wrong: 5, anHour: 3 } as const

/** What was asked, and the account that has the code. */
export interface CodeSent {
  readonly confirmation: Confirmation
  readonly to: Account
}

/**
 * Somebody says in their channel that another account is theirs, too. That only takes away, so it holds at once, as with
 * `linkAccounts`; the other account gets a code, and whoever enters it from the first one has shown that both are theirs.
 * Because it holds at once, nobody has more than one such claim open, nor joins what another claim has joined: otherwise
 * one person could make a whole department count as one.
 *
 * @throws Refusal `unknown_person`, `not_applicable` when they are one person already, `link_waits`, `too_many_codes`,
 *   `not_staff`, `identity_unknown`, `directory_unavailable`, `busy`
 */
export async function sendLinkCode(
  ports: Ports,
  act: OwnAct & { readonly other: PersonClaim },
): Promise<CodeSent> {
  const word = await inPerson(ports, act)
  const kept = word.themselves.account
  const joining = await resolveToLink(ports, act.other, '/other')
  const [mine, theirs] = [await linkOf(ports, kept), await linkOf(ports, joining)]
  if (mine.id === theirs.id) throw new Refusal('not_applicable', 'an account is linked to itself')
  const [person, before] = [personLinked(mine), personLinked(theirs)]
  const about = await ports.store.confirmationsAbout(person)
  refuseFlood(ports, about)
  if (samePerson(person, before)) {
    const confirmation = await sentAnew(ports, word, { about, rows: [mine, theirs], kept, joining })
    return { confirmation, to: joining }
  }
  await refuseOtherClaim(ports, person, theirs)
  const asked = newQuestion(ports, word, { kept, joining, person, before })
  const confirmation = byCode(ports, asked, { kept, joining })
  await join(ports, word, { kept, joining, person, before, question: confirmation })
  return { confirmation, to: joining }
}

/** The first account has confirmed it by asking; the other one is sent a code. */
function byCode(
  ports: Pick<Ports, 'clock'>,
  confirmation: Confirmation,
  { kept, joining }: { readonly kept: Account; readonly joining: Account },
): Confirmation {
  const until = new Date(ports.clock().getTime() + linkCodes.minutes * 60_000).toISOString()
  const code: AskedCode = { until, wrong: 0 }
  const asked = confirmation.asked.map((one) => {
    if (one.account === kept.key) return { ...one, answer: 'confirmed' as const }
    return one.account === joining.key ? { ...one, code } : one
  })
  return { ...confirmation, asked }
}

function refuseFlood(ports: Pick<Ports, 'clock'>, about: readonly Confirmation[]): void {
  const since = new Date(ports.clock().getTime() - 3_600_000).toISOString()
  const sent = about.filter((one) => codeIn(one) && one.createdAt > since)
  if (sent.length >= linkCodes.anHour)
    throw new Refusal('too_many_codes', `${sent.length} codes within an hour`)
}

/** No row of either is there by a claim that nobody has confirmed. */
async function refuseOtherClaim(ports: Ports, person: CurrentPerson, theirs: LinkedAccount): Promise<void> {
  const rows = await ports.store.accountsOf(person, personLinked(theirs))
  if (rows.some(({ claimedFrom }) => claimedFrom !== null))
    throw new Refusal('link_waits', 'one of the accounts is joined by a claim already')
}

/** They count as one already, because somebody has said so, and it is not confirmed: a new code takes the place of what was asked then. */
async function sentAnew(
  ports: Ports,
  word: Word & Required<Pick<Word, 'themselves'>>,
  earlier: {
    readonly about: readonly Confirmation[]
    readonly rows: readonly LinkedAccount[]
    readonly kept: Account
    readonly joining: Account
  },
): Promise<Confirmation> {
  const { about, rows, kept, joining } = earlier
  const claims = rows.flatMap(({ claimedFrom }) => claimedFrom ?? [])
  const last = about.find(({ what }) => what.kind === 'link' && claims.includes(what.from))
  if (last?.what.kind !== 'link') throw new Refusal('not_applicable', 'they are one person already')
  const isAbout = [kept, joining].every(({ key }) => last.asked.some(({ account }) => account === key))
  const isObjected = last.state === 'disowned' && ports.clock().toISOString() < last.until
  if (!isAbout || isObjected) throw new Refusal('link_waits', 'another claim, or one that was objected to')
  const { from, to } = last.what
  const anew = newQuestion(ports, word, { kept, joining, person: to, before: from })
  const confirmation = byCode(ports, anew, { kept, joining })
  const question = asking(ports, confirmation)
  const over = last.state === 'waiting' ? [last] : []
  const committed = await ports.store.commit({
    ...question,
    delivery: word.themselves.delivery,
    confirmations: [...over.map((one) => ended(one, 'lapsed')), ...question.confirmations],
    jobs: [...over.map(({ id }) => ({ task: 'confirm' as const, confirmation: id })), ...question.jobs],
    dropJobs: over.map(lapseKey),
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') throw new Refusal('busy', 'the claim changed while a code was sent')
  return confirmation
}

/** What a confirmation's code is, for whoever shows it: nobody keeps it. */
export function linkCodeOf({ sealer }: Pick<Ports, 'sealer'>, { id }: Confirmation): string {
  return sealer.codeFor({ purpose: 'link', row: id })
}

function codeIn({ asked }: Confirmation): AskedCode | undefined {
  return asked.find(({ code }) => code)?.code
}

/** As often as an entering that lost a race is judged again: each loss means that another one got through. */
const triesWhenBeaten = 12

/**
 * Whoever had a code sent enters it, from the very account that had it sent. It works once, for ten minutes; the fifth wrong one ends it. Judged
 * when it takes effect: both have to be full members still.
 *
 * @throws Refusal `link_code_wrong`, also for any other account; `link_code_over`, `confirmation_over`, `not_staff`, `identity_unknown`, `busy`
 */
export async function enterLinkCode(
  ports: Ports,
  act: OwnAct & { readonly code: string },
): Promise<Confirmation> {
  const { themselves } = await inPerson(ports, act)
  const { account, person, delivery } = themselves
  const actor: Actor = { kind: 'person', id: person, account: account.key, via: act.via }
  for (let tries = 0; tries < triesWhenBeaten; tries += 1) {
    const confirmation = await openFor(ports, account)
    const code = confirmation && codeIn(confirmation)
    if (!confirmation || !code) throw new Refusal('link_code_wrong', 'no code was sent for this account')
    refuseOver(ports, code)
    const isRight = sameCode(act.code, linkCodeOf(ports, confirmation))
    const about = { confirmation, actor, account }
    const change = isRight ? await confirmedBoth(ports, about) : wrongOnce(ports, about)
    const committed = await ports.store.commit({ ...change, delivery })
    if (committed === 'conflict') continue
    if (committed === 'duplicate') throw doneBefore()
    if (isRight) return change.confirmations?.[0]?.next ?? confirmation
    throw new Refusal('link_code_wrong', `a wrong code, the ${code.wrong + 1}th`)
  }
  throw new Refusal('busy', 'entering a code lost too many races')
}

interface Entered {
  readonly confirmation: Confirmation
  readonly actor: Actor
  readonly account: Account
}

/** The newest question that this account asked and that waits; another account of the same person has not asked it. */
async function openFor(ports: Ports, { key }: Account): Promise<Confirmation | null> {
  const link = await ports.store.account(key)
  const about = link ? await ports.store.confirmationsAbout(link.person) : []
  return about.find((one) => codeIn(one) && one.state === 'waiting' && hasAsked(one, key)) ?? null
}

function hasAsked({ asked }: Confirmation, key: AccountKey): boolean {
  return asked.some(({ account, code, answer }) => account === key && !code && answer === 'confirmed')
}

function refuseOver(ports: Pick<Ports, 'clock'>, { until, wrong }: AskedCode): void {
  if (ports.clock().toISOString() >= until || wrong >= linkCodes.wrong)
    throw new Refusal('link_code_over', `a code after its end, or after ${wrong} wrong ones`)
}

/** Capitals, dashes and blanks do not matter. How far two agree shows nowhere. */
function sameCode(entered: string, code: string): boolean {
  const digest = (text: string) =>
    createHash('sha256').update(text.toLowerCase().replace(/[\s-]/g, '')).digest()
  return timingSafeEqual(digest(entered), digest(code))
}

async function confirmedBoth(ports: Ports, { confirmation, actor, account }: Entered): Promise<Change> {
  const asked = confirmation.asked.map((one) => ({ ...one, answer: 'confirmed' as const }))
  const next: Confirmation = {
    ...confirmation,
    version: confirmation.version + 1,
    asked,
    state: 'confirmed',
  }
  await refuseUnlessAllStand(ports, next)
  const effect = await onConfirmed(ports, next.what, next)
  const given = confirmationEntry(ports, next, {
    type: 'confirmation.given',
    actor,
    data: { as: 'account', effective: true, by: 'code' },
    kept: { identity: { ...account } },
  })
  return {
    ...effect,
    confirmations: [{ expected: confirmation.version, next }],
    entries: [given],
    jobs: [{ task: 'confirm', confirmation: next.id }],
    dropJobs: [lapseKey(next)],
  }
}

/** Each wrong one is counted, whatever replica it came to, and on record. */
function wrongOnce(ports: Ports, { confirmation, actor }: Entered): Change {
  const asked = confirmation.asked.map((one) =>
    one.code ? { ...one, code: { ...one.code, wrong: one.code.wrong + 1 } } : one,
  )
  const next: Confirmation = { ...confirmation, version: confirmation.version + 1, asked }
  return {
    confirmations: [{ expected: confirmation.version, next }],
    entries: [
      confirmationEntry(ports, confirmation, {
        type: 'confirmation.refused',
        actor,
        data: { code: 'link_code_wrong', detail: 'a wrong code was entered', message: null },
      }),
    ],
  }
}
