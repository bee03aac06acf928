import type { Json, JsonObject } from '../../src/core/json.ts'
import type { ServerShape } from '../../src/policy/format/serverSchema.ts'
import { verbIn, wordsOf } from '../../src/policyTools/mcp/words.ts'
import { type Ask, type Bundle, evaluate, load } from '../figures/verdictBundles.ts'
import type { Line } from '../line.ts'
import { imported, type Review, toolCall, withServers } from './servers.ts'
import type { CallSet, Row } from './sets.ts'

/** One task of a person, or one goal of an attacker: the calls that do it, in their order. */
interface Task {
  readonly prompt: string
  readonly calls: readonly { readonly tool: string; readonly params: JsonObject; readonly ask: Ask }[]
}

export interface AgentDojo {
  readonly bundle: Bundle
  readonly tasks: readonly Task[]
  /** Each goal as the one of its calls that is judged the strictest: it happens where none of them asks. */
  readonly goals: CallSet
}

/** The benchmark's gold calls, under the policy that ships, with its tools reviewed by the labels that others gave them (README.md). */
export function agentDojo(
  { calls, tools }: { readonly calls: readonly Row[]; readonly tools: readonly Row[] },
  shipped: ReadonlyMap<string, string>,
): AgentDojo {
  const suites = [...new Set(calls.map(({ suite }) => String(suite)))]
  const servers = new Map(suites.map((suite) => [suite, serverOf(suite, { calls, tools })]))
  const bundle = load(withServers(shipped, [...servers.values()]))
  const tasksOf = (role: string): readonly Task[] =>
    [...new Set(calls.flatMap((row) => (row.role === role ? [String(row.group)] : [])))].map((group) => {
      const rows = calls.filter((row) => row.role === role && row.group === group)
      return { prompt: String(rows[0]?.intent ?? ''), calls: rows.flatMap((row) => callOf(row, servers)) }
    })
  const goals = tasksOf('attack').flatMap((task) => strictestOf(bundle, task))
  return {
    bundle,
    tasks: tasksOf('benign'),
    goals: {
      what: 'goals of attackers (AgentDojo)',
      calls: goals,
      bundle,
      kind: 'harmful',
      unasked: { bound: 'at most', value: 0 },
    },
  }
}

/** How often somebody is asked in a task: call by call, with what is known at one moment on one card, and if all of a task were on one. */
export function promptLines({ bundle, tasks }: AgentDojo): readonly Line[] {
  const asked = tasks.map((task) => ({
    task,
    asks: task.calls.map(({ ask }) => kindOf(bundle, ask) !== 'allow'),
  }))
  const average = (counts: readonly number[]) =>
    counts.reduce((sum, one) => sum + one, 0) / Math.max(1, counts.length)
  const each = average(asked.map(({ asks }) => asks.filter(Boolean).length))
  const cards = average(asked.map(({ task, asks }) => cardsOf(task, asks)))
  const oracle = average(asked.map(({ asks }) => (asks.includes(true) ? 1 : 0)))
  return [
    {
      what: `prompts in each of ${tasks.length} tasks (AgentDojo), call by call`,
      unit: 'times',
      measured: each,
    },
    {
      what: 'the same, on one card what is known at one moment',
      unit: 'times',
      measured: cards,
      ceiling: { value: oracle, is: 'one card a task' },
      target: { bound: 'at most', value: 0.63, of: 'measured' },
    },
  ]
}

/**
 * Calls that follow each other, and of which none waits for what another answers: a call of the same tool, unless that reads; or one whose
 * values all stand in what the person wrote.
 */
function cardsOf({ prompt, calls }: Task, asks: readonly boolean[]): number {
  return calls.filter((call, nth) => {
    if (!asks[nth]) return false
    const before = calls[nth - 1]
    if (before === undefined || !asks[nth - 1]) return true
    const repeats = call.tool === before.tool && verbIn(wordsOf(call.tool))?.verb !== 'read'
    return !repeats && !valuesIn(call.params).every((value) => prompt.includes(value))
  }).length
}

function valuesIn(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value as JsonObject | readonly Json[]).flatMap(valuesIn) // not null
}

function kindOf(bundle: Bundle, ask: Ask) {
  return evaluate(bundle, ask).verdict.kind
}

function strictestOf(bundle: Bundle, { prompt, calls }: Task): CallSet['calls'] {
  const stopped = calls.find(({ ask }) => kindOf(bundle, ask) !== 'allow') ?? calls[0]
  return stopped ? [{ text: prompt, ask: stopped.ask }] : []
}

function callOf({ suite, tool, params }: Row, servers: ReadonlyMap<string, ServerShape>): Task['calls'] {
  const server = servers.get(String(suite))
  const given = (params ?? {}) as JsonObject // as README.md says
  return server ? [{ tool: String(tool), params: given, ask: toolCall(server, String(tool), given) }] : []
}

/** A tool is without effect where CaMeL's authors say so. Their files are no file system, so paths are names. */
const reviewByLabel: Review = ({ effect, arguments: args = new Map() }, tool) => ({
  effect: tool.withoutEffect === true ? 'read' : effect === 'read' || effect === 'secrets' ? 'write' : effect,
  outside: tool.withoutEffect !== true,
  arguments: new Map(
    [...args].map(([name, { is, ...one }]) => [
      name,
      is === undefined || is === 'path' ? one : { ...one, is },
    ]),
  ),
})

function serverOf(
  suite: string,
  { calls, tools }: { readonly calls: readonly Row[]; readonly tools: readonly Row[] },
): ServerShape {
  const ofSuite = (rows: readonly Row[]) => rows.filter((row) => row.suite === suite)
  const called = ofSuite(calls).map(
    (row): Row => ({
      ...row,
      inputSchema: schemaFrom(ofSuite(calls).filter(({ tool }) => tool === row.tool)),
    }),
  )
  const listed = [...ofSuite(tools), ...called].map(
    (row): JsonObject => ({
      name: String(row.tool),
      description: String(row.description ?? ''),
      inputSchema: row.inputSchema as JsonObject, // as README.md says
      withoutEffect: row.camelNoSideEffect === true,
    }),
  )
  return imported(`agentdojo-${suite}`, listed, { review: reviewByLabel })
}

/** Of a tool whose definition is not in the set: whatever its calls say. */
function schemaFrom(calls: readonly Row[]): JsonObject {
  const names = new Set(calls.flatMap(({ params }) => Object.keys((params ?? {}) as JsonObject))) // as README.md says
  return { type: 'object', properties: Object.fromEntries([...names].map((name) => [name, {}])) }
}
