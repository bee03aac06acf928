/** A request's life as its agent sees it: the steps of the little timeline, and the words beside them. Pure. */
import { isObject } from './exchange.ts'
import { type AgentRequest, pathFor } from './requestClient.ts'

export type Mood = 'waiting' | 'good' | 'bad' | 'neutral'

export interface Step {
  readonly name: string
  readonly status: 'done' | 'current' | 'todo' | 'bad'
}

/** How a state feels to the agent. One that this page has never heard of is shown by its name, without a feeling. */
export function moodOf(state: string): Mood {
  return moods[state] ?? 'neutral'
}

const moods: Readonly<Record<string, Mood>> = {
  pending: 'waiting',
  executing: 'waiting',
  approved: 'good',
  succeeded: 'good',
  denied: 'bad',
  expired: 'bad',
  lapsed: 'bad',
  revoked: 'bad',
  failed: 'bad',
  unreported: 'bad',
}

const settledByPeople = new Set(['approved', 'denied', 'expired', 'cancelled'])

/** asked → pending → how it ended, and what came after if a later state was reached. */
export function stepsOf(request: AgentRequest): readonly Step[] {
  const { state } = request
  const asked: Step = { name: 'asked', status: 'done' }
  if (state === 'pending')
    return [asked, { name: 'pending', status: 'current' }, { name: 'decided', status: 'todo' }]

  const waited = neededPeople(request) ? [{ name: 'pending', status: 'done' } as const] : []
  // Anything beyond the first settlement can only have come through an approval.
  const approval = settledByPeople.has(state) ? [] : [{ name: 'approved', status: 'done' } as const]
  return [asked, ...waited, ...approval, { name: state, status: statusOf(state) }]
}

function statusOf(state: string): Step['status'] {
  if (state === 'executing') return 'current'
  return moodOf(state) === 'bad' ? 'bad' : 'done'
}

/** Policy may settle a request at once; then it was never pending. */
function neededPeople(request: AgentRequest): boolean {
  return field(request.verdict, 'kind') === 'require_approval'
}

const ends = ['denied', 'expired', 'cancelled', 'lapsed', 'revoked', 'succeeded', 'failed', 'unreported']

/** Nothing moves it any more. */
export function hasEnded({ state }: AgentRequest): boolean {
  return ends.includes(state)
}

/** A number that only grows while a request lives: of two looks at it, the later one has the greater. */
export function progressOf(request: AgentRequest): number {
  const { state, grant, executions, notes } = request
  const stage = hasEnded(request) ? 3 : Math.max(0, ['pending', 'approved', 'executing'].indexOf(state))
  const reports = Array.isArray(executions) ? executions.length : 0
  const told = Array.isArray(notes) ? notes.length : 0
  return stage * 1000 + (isObject(grant) ? 100 : 0) + reports + told
}

/** The reason the agent got: the decider's words, how it ended, or what policy said. */
export function reasonsOf(request: AgentRequest): readonly string[] {
  const decisions = Array.isArray(request.decisions) ? request.decisions : []
  const spoken = decisions.map((decision) => field(decision, 'reason'))
  const all = [field(request, 'outcome'), ...spoken, field(request.verdict, 'message')]
  return [...new Set(all.filter((reason) => reason !== ''))]
}

/** What was said about it while people decide, as the agent hears it: a line on each. */
export function notesOf(request: AgentRequest): readonly { readonly id: string; readonly says: string }[] {
  const notes = Array.isArray(request.notes) ? request.notes.filter(isObject) : []
  return notes.map((note) => {
    const kind = said[field(note, 'kind')] ?? 'Somebody says'
    return { id: field(note, 'id'), says: `${kind}: ${field(note, 'text')}` }
  })
}

const said: Readonly<Record<string, string>> = {
  changes: 'Changes are asked for',
  question: 'A question',
  answer: 'An answer',
}

/** How it ended, in the word that an agent branches on; empty while it is pending, and where that is the state itself. */
export function outcomeCodeOf(request: AgentRequest): string {
  const code = field(request, 'outcome_code')
  return code === request.state ? '' : code
}

/** One line per leg: "data-owner 0 of 1". Empty when nobody had to be asked. */
export function legsOf(
  request: AgentRequest,
): readonly { readonly name: string; readonly filled: number; readonly count: number }[] {
  const requirement = isObject(request.requirement) ? request.requirement : {}
  const legs = Array.isArray(requirement.legs) ? requirement.legs.filter(isObject) : []
  return legs.map((leg) => ({
    name: field(leg, 'name'),
    filled: number(leg.filled),
    count: number(leg.count),
  }))
}

/** The same request, for a terminal. Single quotes are the one thing that a shell would stumble on. */
export function curlOf(origin: string, key: string, body: string): string {
  const quoted = body.replace(/'/g, `'\\''`)
  return [
    `curl -sS ${origin}${pathFor(body)} \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H "Idempotency-Key: $(date +%s%N)" \\`,
    `  -H 'Prefer: wait=55' \\`,
    `  -d '${quoted}'`,
  ].join('\n')
}

function field(value: unknown, name: string): string {
  const found = isObject(value) ? value[name] : undefined
  return typeof found === 'string' ? found : ''
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
