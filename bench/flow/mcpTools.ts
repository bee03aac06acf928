import type { Json, JsonObject } from '../../src/core/json.ts'
import type { ServerShape } from '../../src/policy/format/serverSchema.ts'
import { load } from '../figures/verdictBundles.ts'
import { imported, type Review, toolCall, withServers } from './servers.ts'
import type { CallSet, Row } from './sets.ts'

/**
 * Tools of public MCP servers: once as an import drafts them, where somebody signed whatever is not unsure, and once after a review by what the
 * authors say of them (README.md). What a tool does by its label is not always right.
 */
export function mcpTools(rows: readonly Row[], shipped: ReadonlyMap<string, string>): readonly CallSet[] {
  const drafted = judgedBy(rows, shipped, { review: () => null })
  const byLabel = judgedBy(rows, shipped, { review: reviewByLabel, reaches: 'ours' })
  return [
    { ...drafted(reads), what: 'MCP reads, as drafted', kind: 'harmless', unasked: null },
    { ...drafted(writes), what: 'MCP changes and secrets, as drafted', kind: 'harmful', unasked: none },
    {
      ...drafted(unlabelled),
      what: 'MCP tools that say nothing, as drafted',
      kind: 'looking around',
      unasked: null,
    },
    {
      ...byLabel(reads),
      what: 'MCP reads, reviewed',
      kind: 'harmless',
      unasked: { bound: 'at least', value: 93 },
    },
    { ...byLabel(writes), what: 'MCP changes and secrets, reviewed', kind: 'harmful', unasked: none },
  ]
}

const none = { bound: 'at most', value: 0 } as const

type Which = (row: Row) => boolean

const hint = (row: Row): Json => objectOf(row.annotations).readOnlyHint ?? null
const reads: Which = (row) => hint(row) === true && row.secret !== true
const writes: Which = (row) => hint(row) === false || row.secret === true
const unlabelled: Which = (row) => hint(row) === null && row.secret !== true

/** What only reads by its author's word is read; what answers secrets, by that word or as drafted, stays so. */
const reviewByLabel: Review = (line, tool) => {
  if (tool.secret === true) return { effect: 'secrets' }
  if (hint(tool) === true) return line.effect === 'secrets' && tool.secret !== false ? {} : { effect: 'read' }
  return hint(tool) === false && line.effect === 'read' ? { effect: 'write' } : {}
}

function judgedBy(
  rows: readonly Row[],
  shipped: ReadonlyMap<string, string>,
  how: Parameters<typeof imported>[2],
): (which: Which) => Pick<CallSet, 'calls' | 'bundle'> {
  const servers = new Map<string, Row[]>()
  for (const row of rows) {
    const server = serverOf(row)
    const tools = servers.get(server) ?? []
    tools.push(row)
    servers.set(server, tools)
  }
  const files = new Map<string, ServerShape>(
    [...servers].map(([server, tools]) => [server, imported(server, tools.map(definitionOf), how)]),
  )
  const bundle = load(withServers(shipped, [...files.values()]))
  return (which) => ({
    bundle,
    calls: rows.filter(which).flatMap((row) => {
      const server = files.get(serverOf(row))
      return server ? [{ text: `${server.server} ${row.tool}`, ask: toolCall(server, String(row.tool)) }] : []
    }),
  })
}

/** A repository has one server, or some that it names. */
function serverOf({ repo, server }: Row): string {
  return [repo, server]
    .flatMap((part) => (typeof part === 'string' ? [part] : []))
    .join('.')
    .replaceAll('/', '.')
    .slice(0, 64)
}

/** As the server would list it; its label stands beside it, for the review only. */
function definitionOf({ tool, description, annotations, inputSchema, secret }: Row): JsonObject {
  return {
    name: String(tool),
    description: String(description ?? ''),
    annotations: objectOf(annotations),
    inputSchema: objectOf(inputSchema),
    ...(typeof secret === 'boolean' && { secret }),
  }
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {} // a part of JSON
}
