import type { Alarm, AlarmCause } from '../../card/alarm.ts'
import type { RequestView } from '../../card/view.ts'
import type { AccountKey } from '../../core/identity.ts'
import { deviationOf } from '../../core/progress.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { Channel } from '../channelPort.ts'
import { claimsRaised } from '../claimsAlarm.ts'
import { peopleToTell, securityOf } from '../executions/hearers.ts'
import { viewOf } from '../inspect.ts'
import { requestEntry } from '../newEntry.ts'
import { raisedAlarm } from '../ownAttempt.ts'
import { currentPeople, isFormerPerson, personLinked } from '../people/currentPeople.ts'
import type { Ports } from '../ports.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'
import { takeMinute } from './takeMinute.ts'

/**
 * Tells everybody who has to hear it what an alarm is about: a broken glass or its overdue review, those whom the emergency
 * path names; own attempts and claims, those whom their entry names; a deviation, those who approved and the agent's owner. Safe to run again: each address that was told is recorded. One
 * whose answer was lost is told again, because of two evils an alarm that sounds twice is the smaller. One address that
 * refuses does not keep the others from hearing it.
 *
 * @throws Undelivered
 */
export async function alarm(
  ports: Ports,
  channel: Channel,
  about: { readonly request: string; readonly why: AlarmCause },
): Promise<void> {
  const request = await ports.store.request(about.request)
  if (!request) return
  const entries = await ports.store.entries(request.id)
  const sounding = await soundings[about.why](ports, request, entries)
  if (!sounding) return
  const told = toldAlready(entries, about.why)
  const failures = await everywhere(
    sounding.to.filter((address) => !told.has(address)),
    async (address) => {
      if (sounding.paced?.includes(address)) await takeMinute(ports, address)
      await channel.alarm(address, sounding.view, sounding.alarm)
      await recordTold(ports, request, { address, why: about.why })
    },
  )
  refuseUndelivered(failures)
}

/** Who has to hear what. */
interface Sounding {
  readonly to: readonly string[]
  readonly alarm: Alarm
  readonly view: RequestView
  /** Accounts that are told directly, each at most once in a minute, whatever happens around them. */
  readonly paced?: readonly AccountKey[]
}

type Sound = (ports: Ports, request: ActionRequest, entries: readonly Entry[]) => Promise<Sounding | null>

const soundings: { readonly [C in AlarmCause]: Sound } = {
  broken: (ports, request) => ofBrokenGlass(ports, request, 'broken'),
  overdue: (ports, request) => ofBrokenGlass(ports, request, 'overdue'),
  own_attempts: ofOwnAttempts,
  claims: ofClaims,
  deviated: (ports, request) => ofDeviation(ports, request, 'deviated'),
  not_approved: (ports, request) => ofDeviation(ports, request, 'not_approved'),
}

async function ofBrokenGlass(
  ports: Ports,
  request: ActionRequest,
  why: 'broken' | 'overdue',
): Promise<Sounding | null> {
  if (!request.brokenGlass) return null
  const to = request.requirement?.breakGlass?.notify ?? []
  return { to, alarm: { why }, view: await viewOf(ports, request) }
}

/** With the names of those who tried, and every account that they could hear it by. */
async function ofOwnAttempts(
  ports: Ports,
  request: ActionRequest,
  entries: readonly Entry[],
): Promise<Sounding | null> {
  const raised = raisedAlarm(entries)
  if (!raised) return null
  const { over, to } = raised
  const ids = raised.tried.map(({ person }) => person)
  const today = await currentPeople(ports, ids)
  const links = await ports.store.accountsOf(...ids.map(today))
  const accounts = links.filter((link) => !isFormerPerson(link))
  const view = await viewOf(ports, request)
  const names = accounts.map((link) => [personLinked(link), { account: link.id, name: link.name }] as const)
  const tried = raised.tried.map(({ person, times }) => ({ person: today(person), times }))
  const notTo = accounts.map(({ id }) => id)
  return {
    to,
    alarm: { why: 'own_attempts', over, tried, notTo },
    view: { ...view, people: new Map([...names, ...view.people]) },
  }
}

async function ofClaims(
  ports: Ports,
  request: ActionRequest,
  entries: readonly Entry[],
): Promise<Sounding | null> {
  const raised = claimsRaised(entries)
  if (!raised) return null
  const { to, legs } = raised
  return { to, alarm: { why: 'claims', legs }, view: await viewOf(ports, request) }
}

async function ofDeviation(
  ports: Ports,
  request: ActionRequest,
  why: 'deviated' | 'not_approved',
): Promise<Sounding | null> {
  if (!deviationOf(request.executions)) return null
  const view = await viewOf(ports, request)
  const people = await peopleToTell(ports, view)
  const security = why === 'not_approved' ? securityOf(ports, request) : []
  return { to: [...new Set([...security, ...people])], alarm: { why }, view, paced: people }
}

function toldAlready(entries: readonly Entry[], why: AlarmCause): ReadonlySet<unknown> {
  const sent = entries.filter((entry) => entry.type === 'alarm.sent' && entry.data.why === why)
  return new Set(sent.map((entry) => entry.data.address))
}

async function recordTold(
  ports: Ports,
  request: ActionRequest,
  told: { readonly address: string; readonly why: AlarmCause },
): Promise<void> {
  const entry = requestEntry(ports, request, {
    type: 'alarm.sent',
    actor: { kind: 'system', id: 'alarm', via: 'job' },
    data: { why: told.why, address: told.address },
  })
  const delivery = `alarm:${request.id}:${told.why}:${told.address}`
  await ports.store.commit({ entries: [entry], delivery })
}
