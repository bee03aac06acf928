import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import type { OnCall, OnCallAnswer, Shift } from '../approvals/onCall.ts'
import type { OnCallList } from '../core/requirement.ts'

export interface PagerDutyOptions {
  /** A read-only key is enough. */
  readonly token: string
  /** Without a trailing slash, such as https://api.pagerduty.com. */
  readonly address: string
  /** Milliseconds for one question, with all pages and the second try: 3 seconds unless a test says otherwise. */
  readonly limit?: number
}

const limits = {
  /** Milliseconds. */
  question: 3_000,
  /** Bytes of one page. */
  page: 2_000_000,
  pages: 20,
  /** People on one page, which is the most that PagerDuty gives. */
  perPage: 100,
  /** Milliseconds that a 429 may make us wait for the one more try. */
  wait: 1_500,
} as const

/** Whatever is missing here makes the answer one that nobody understands: nobody is on call by accident. */
const turn = z.object({
  user: z.object({ id: z.string().min(1), email: z.string().optional() }),
  schedule: z.object({ id: z.string().min(1) }).nullable(),
  escalation_policy: z.object({ id: z.string().min(1) }).nullable(),
  escalation_level: z.int(),
  start: z.iso.datetime({ offset: true }).nullable(),
  end: z.iso.datetime({ offset: true }).nullable(),
})
const page = z.object({ oncalls: z.array(turn), more: z.boolean() })
type Turn = z.infer<typeof turn>

/** Why there is no answer, as the rest of a sentence. Never the token, nor what came back. */
class Unanswered extends Error {}

/**
 * PagerDuty, by `GET /oncalls`, which knows schedules of every kind. Half an answer is none: a page that is missing, cut off
 * or says something else makes all of it `unavailable`.
 */
export function pagerDuty(options: PagerDutyOptions): OnCall {
  return {
    async people(list, asOf) {
      const signal = AbortSignal.timeout(options.limit ?? limits.question)
      const agent = new Agent({ maxResponseSize: limits.page, connections: 1 })
      try {
        return answerOf(await everyPage({ ...options, list, asOf, signal, agent }), { list, asOf })
      } catch (fault) {
        if (fault instanceof Unanswered) return { is: 'unavailable', why: fault.message }
        return { is: 'unavailable', why: signal.aborted ? tooLate : 'PagerDuty could not be reached' }
      } finally {
        await agent.destroy()
      }
    },
  }
}

const tooLate = 'PagerDuty did not answer within 3 seconds'

interface Asking extends PagerDutyOptions {
  readonly list: OnCallList
  readonly asOf: string
  readonly signal: AbortSignal
  readonly agent: Agent
}

async function everyPage(asking: Asking): Promise<readonly Turn[]> {
  const turns: Turn[] = []
  for (let nth = 0; nth < limits.pages; nth += 1) {
    const { oncalls, more } = await onePage(asking, turns.length)
    turns.push(...oncalls)
    if (!more) return turns
    // It says that there is more and does not go on: nobody knows who is missing.
    if (oncalls.length === 0) throw new Unanswered('PagerDuty gave only part of its answer')
  }
  throw new Unanswered('PagerDuty answered with more people than can be on call')
}

async function onePage(asking: Asking, offset: number): Promise<z.infer<typeof page>> {
  const first = await get(asking, offset)
  if (first.status === 429) await pause(first.waitFor, undefined, { signal: asking.signal })
  const answer = first.status === 429 ? await get(asking, offset) : first
  if (answer.status !== 200) throw new Unanswered(meanings[answer.status] ?? otherwise(answer.status))
  return readPage(answer.body)
}

const meanings: Readonly<Record<number, string>> = {
  400: 'PagerDuty does not know what the policy asks it for: look at the ids there',
  401: 'PagerDuty does not accept our token',
  403: 'our token may not see who is on call in PagerDuty',
  404: 'PagerDuty knows no schedule or escalation policy of that id',
  429: 'PagerDuty was asked too often',
}

function otherwise(status: number): string {
  return status >= 500 ? 'PagerDuty is out of order just now' : `PagerDuty answered ${status}`
}

function readPage(body: string): z.infer<typeof page> {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    throw new Unanswered('PagerDuty gave only part of its answer')
  }
  const read = page.safeParse(answer)
  if (!read.success) throw new Unanswered('PagerDuty answered with something that is not who is on call')
  return read.data
}

async function get({ token, address, list, asOf, signal, agent }: Asking, offset: number) {
  const query = new URLSearchParams([
    [list.of === 'schedule' ? 'schedule_ids[]' : 'escalation_policy_ids[]', list.id],
    ['include[]', 'users'],
    ['time_zone', 'UTC'],
    ['since', asOf],
    ['until', asOf],
    ['limit', String(limits.perPage)],
    ['offset', String(offset)],
  ])
  const { statusCode, headers, body } = await request(`${address}/oncalls?${query}`, {
    dispatcher: agent,
    signal,
    headers: { authorization: `Token token=${token}`, accept: 'application/vnd.pagerduty+json;version=2' },
  })
  const seconds = Number(headers['ratelimit-reset'] ?? 0)
  const waitFor = Math.min(Number.isFinite(seconds) ? Math.max(seconds, 0) * 1_000 : 0, limits.wait)
  return { status: statusCode, body: await body.text(), waitFor }
}

/** A person stands once for each policy and level: one turn of each counts, the one that lasts longest. */
function answerOf(
  turns: readonly Turn[],
  { list, asOf }: { readonly list: OnCallList; readonly asOf: string },
): OnCallAnswer {
  const at = Date.parse(asOf)
  const shifts = new Map<string, Shift>()
  for (const { user, schedule, escalation_policy, escalation_level, start, end } of turns) {
    const isAsked = (list.of === 'schedule' ? schedule?.id : escalation_policy?.id) === list.id
    const isNow = (start === null || Date.parse(start) <= at) && (end === null || at < Date.parse(end))
    if (!isAsked || escalation_level !== list.level || !isNow) continue
    const known = shifts.get(user.id)
    if (known && endOf(known.end) >= endOf(end)) continue
    shifts.set(user.id, {
      user: user.id,
      email: user.email ?? null,
      schedule: schedule?.id ?? null,
      start,
      end,
    })
  }
  return shifts.size === 0 ? { is: 'nobody' } : { is: 'people', shifts: [...shifts.values()] }
}

function endOf(end: string | null): number {
  return end === null ? Number.POSITIVE_INFINITY : Date.parse(end)
}
