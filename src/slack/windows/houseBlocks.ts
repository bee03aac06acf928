import type { KnownBlock } from '@slack/types'
import type { HouseNow } from '../../approvals/houseNow.ts'
import { formatDuration } from '../../core/duration.ts'
import { type Condition, conditions as known } from '../../core/health.ts'
import { context, header, plain } from '../text/blocks.ts'

/** Seconds for which a job may be due: they are looked for more often than that. */
const late = 60

/** A line of how the server is, for administrators; below it what is wrong, by its code (docs/operations.md). */
export function houseBlocks(house: HouseNow): KnownBlock[] {
  return [
    header('This server'),
    context(plain([...statesOf(house), ...ledgerOf(house)].join('  ·  '))),
    ...(house.conditions.length > 0 ? [context(plain(house.conditions.map(conditionLine).join('\n')))] : []),
  ]
}

function statesOf({ conditions, stored }: HouseNow): readonly string[] {
  const isRaised = (...codes: readonly Condition['code'][]) =>
    conditions.some(({ code }) => codes.includes(code))
  const database = stored && !isRaised('cannot_write') ? '✓ database' : '⚠ database'
  const slack = isRaised('channel_away', 'nobody_reachable') ? '⚠ Slack' : '✓ Slack'
  if (!stored) return [database, slack]
  const behind = stored.jobs.filter(({ lateSeconds }) => lateSeconds > late)
  const due = behind.reduce((sum, one) => sum + one.due, 0)
  const dead = stored.jobs.reduce((sum, one) => sum + one.dead, 0)
  const longest = Math.max(0, ...behind.map(({ lateSeconds }) => lateSeconds))
  const jobs =
    due === 0 ? '✓ no jobs behind' : `⚠ ${due} ${due === 1 ? 'job' : 'jobs'} behind, for ${ago(longest)}`
  return [database, slack, jobs, ...(dead > 0 ? [`⚠ ${dead} failed for good`] : [])]
}

function ledgerOf({ stored }: HouseNow): readonly string[] {
  if (!stored) return []
  const { ledger, anchoredSeconds } = stored
  const sealed = `${ledger.sealed.toLocaleString('en')} ${ledger.sealed === 1 ? 'entry' : 'entries'}`
  const wait = ledger.waiting === 1 ? 'waits' : 'wait'
  const waiting = ledger.waiting > 0 ? `, ${ledger.waiting.toLocaleString('en')} ${wait} for the next` : ''
  const anchored = anchoredSeconds === null ? '' : `, outside the house ${ago(anchoredSeconds)} ago`
  return [`last checkpoint: ${sealed}${waiting}${anchored}`]
}

/** As exactly as somebody wants to know it: 412 seconds are seven minutes. */
function ago(seconds: number): string {
  const unit = seconds >= 7_200 ? 3_600 : seconds >= 120 ? 60 : 1
  return formatDuration(Math.max(1, Math.round(seconds / unit)) * unit)
}

/** The sentence of the code; its detail is for the log of whoever runs the server. */
function conditionLine({ code }: Condition): string {
  return `${code}: ${known[code].says}`
}
