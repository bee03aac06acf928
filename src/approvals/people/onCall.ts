import type { AccountKey } from '../../core/identity.ts'
import type { OnCallList, OnCallSource } from '../../core/requirement.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { Duty, KnownOnCall, OnCall, OnCallAnswer, Shift } from '../onCall.ts'
import { type Directory, DirectoryFault, type Health, type Ports } from '../ports.ts'
import { membership } from './membership.ts'
import { OnCallFault } from './onCallFault.ts'
import { accountOnCall } from './onCallLinks.ts'

/** Seconds for which an answer of the service may be used again. */
const onCallSeconds = { showing: 60, judging: 10, unavailable: 5 } as const

type KnownBy = Pick<Ports, 'store' | 'clock' | 'ids' | 'workspace'> & {
  readonly health: Health
  readonly service: OnCall
  readonly directory: Directory
  readonly ages: Pick<AgeClock, 'now' | 'onJump'>
}

export function knowOnCall(by: KnownBy): KnownOnCall {
  const ask = rememberAnswers(by)
  const shiftsOf = async (source: OnCallSource, seconds: number) => {
    const { answer, asked } = await ask(source.list, seconds)
    if (answer.is === 'unavailable') throw new OnCallFault(source.ref, answer.why)
    return { asked, shifts: answer.is === 'nobody' ? [] : answer.shifts }
  }
  const isWithin = async ({ within }: OnCallSource, account: AccountKey) =>
    (await membership(by, within, account)).isIn
  const accountsOf = async (source: OnCallSource): Promise<readonly AccountKey[]> => {
    const { shifts } = await shiftsOf(source, onCallSeconds.showing)
    const accounts: AccountKey[] = []
    for (const shift of shifts) {
      const account = await accountOnCall(by, source.list, shift)
      if (account !== null && (await isWithin(source, account))) accounts.push(account)
    }
    return [...new Set(accounts)]
  }
  return {
    async now(source) {
      try {
        const accounts = await accountsOf(source)
        return accounts.length === 0 ? { is: 'nobody' } : { is: 'people', accounts }
      } catch (fault) {
        if (fault instanceof OnCallFault) return { is: 'unavailable', why: fault.why }
        if (fault instanceof DirectoryFault)
          return { is: 'unavailable', why: 'the directory of people did not answer' }
        throw fault
      }
    },
    async duty(source, account) {
      // Of whoever is not in the group nobody has to be asked.
      if (!(await isWithin(source, account))) return null
      const { shifts, asked } = await shiftsOf(source, onCallSeconds.judging)
      for (const shift of shifts)
        if ((await accountOnCall(by, source.list, shift)) === account) return dutyOf(source, shift, asked)
      return null
    },
  }
}

/** A directory that knows sets of people on call, too; it never answers with the whole group instead. */
export function withOnCall(directory: Directory, onCall: KnownOnCall): Directory {
  return {
    account: (address) => directory.account(address),
    find: (claim) => directory.find(claim),
    async members(source) {
      if (source.kind !== 'oncall') return directory.members(source)
      const known = await onCall.now(source)
      if (known.is === 'unavailable') throw new OnCallFault(source.ref, known.why)
      return known.is === 'nobody' ? [] : known.accounts
    },
    isMember: async (source, account) =>
      source.kind === 'oncall'
        ? (await onCall.duty(source, account)) !== null
        : directory.isMember(source, account),
    ...(directory.apart && { apart: directory.apart }),
  }
}

function dutyOf({ list }: OnCallSource, { user, schedule, start, end }: Shift, asked: string): Duty {
  const escalationPolicy = list.of === 'escalation_policy' ? list.id : null
  return { provider: list.provider, schedule, escalationPolicy, level: list.level, user, start, end, asked }
}

interface Kept {
  /** Milliseconds of `ages` at the question: an answer is never older than it says. */
  readonly since: number
  readonly asked: string
  readonly answer: Promise<OnCallAnswer>
  /** Once it is here. */
  known: OnCallAnswer | null
}

/** Who asks together asks once. An answer in which somebody's turn has ended meanwhile is asked for again. */
function rememberAnswers({ service, ages, clock }: KnownBy) {
  const kept = new Map<string, Kept>()
  ages.onJump(() => kept.clear())
  const isFresh = ({ since, known }: Kept, seconds: number): boolean => {
    const most = known?.is === 'unavailable' ? Math.min(seconds, onCallSeconds.unavailable) : seconds
    return ages.now() - since < most * 1_000 && !hasTurned(known, clock().toISOString())
  }
  return async (
    list: OnCallList,
    seconds: number,
  ): Promise<{ readonly answer: OnCallAnswer; readonly asked: string }> => {
    const name = JSON.stringify(list)
    const before = kept.get(name)
    if (before && isFresh(before, seconds)) return { answer: await before.answer, asked: before.asked }
    const asked = clock().toISOString()
    const entry: Kept = { since: ages.now(), asked, answer: service.people(list, asked), known: null }
    kept.set(name, entry)
    entry.known = await entry.answer
    return { answer: entry.known, asked }
  }
}

function hasTurned(known: OnCallAnswer | null, now: string): boolean {
  return (
    known?.is === 'people' &&
    known.shifts.some(({ end }) => end !== null && Date.parse(end) <= Date.parse(now))
  )
}
