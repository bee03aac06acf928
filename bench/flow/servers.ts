import type { JsonObject } from '../../src/core/json.ts'
import type { ServerShape, ToolShape, WrittenArgument } from '../../src/policy/format/serverSchema.ts'
import { importServer } from '../../src/policyTools/mcp/importServer.ts'
import { serverText } from '../../src/policyTools/mcp/serverFile.ts'
import { readToolList } from '../../src/policyTools/mcp/toolList.ts'
import { type Ask, somebody } from '../figures/verdictBundles.ts'

/** Who looked at the lines, where a set says how. */
const reviewed = { by: 'bench', on: '2026-12-01' } as const

/** What people would write of a drafted line; null: they leave it as it is, and what is unsure stays unreviewed. */
export type Review = (line: ToolShape, tool: JsonObject) => Partial<ToolShape> | null

/** The tools of one server, imported as `countersign policy import-mcp` does. Of a name that is listed twice the first counts. */
export function imported(
  server: string,
  tools: readonly JsonObject[],
  { review, reaches = 'unknown' }: { readonly review: Review; readonly reaches?: ServerShape['reaches'] },
): ServerShape {
  const byName = new Map(tools.toReversed().map((tool) => [String(tool.name), tool]))
  const list = readToolList([[...byName.values()]])
  if ('wrong' in list) throw new Error(`${server}: ${list.wrong}`)
  const before: ServerShape = {
    apiVersion: 'countersign/v1',
    kind: 'McpServer',
    server,
    reaches,
    unsaid: { effect: 'ask', outside: 'ask' },
    tools: [],
  }
  const { file } = importServer(list.tools, { server, before })
  const lines = file.tools.map((line): ToolShape => {
    const said = review(line, byName.get(line.name) ?? {})
    if (said === null) return line.unsure ? line : { ...line, reviewed }
    const { unsure: _, ...decided } = line
    return { ...decided, ...said, reviewed }
  })
  return { ...file, tools: lines }
}

/** The files of a bundle with these servers in it. */
export function withServers(
  files: ReadonlyMap<string, string>,
  servers: readonly ServerShape[],
): ReadonlyMap<string, string> {
  return new Map([...files, ...servers.map((one) => [`mcp/${one.server}.yaml`, serverText(one)] as const)])
}

/** A call of a tool as its server lists it; without arguments, with some that fit. */
export function toolCall(server: ServerShape, name: string, given: JsonObject | null = null): Ask {
  const line = server.tools.find((one) => one.name === name)
  const params = {
    server: server.server,
    tool: name,
    digest: line?.digest ?? null,
    arguments: given ?? fitting(line),
  }
  return {
    action: {
      action: 'mcp.tool.call',
      resource: { type: 'mcp_server', id: server.server },
      params,
      environment: 'dev',
    },
    ...somebody,
    at: '2026-11-24T13:00:00.000Z',
  }
}

function fitting(line: ToolShape | undefined): JsonObject {
  const needed = [...(line?.arguments ?? [])].filter(([, { optional }]) => !optional)
  return Object.fromEntries(needed.map(([name, one]) => [name, fittingValue(one)]))
}

function fittingValue({ type, is }: WrittenArgument): JsonObject[string] {
  if (typeof type === 'object')
    return typeof type.list === 'string'
      ? [fittingValue({ type: type.list, optional: false, ...(is && { is }) })]
      : []
  if (is !== undefined && is !== 'amount')
    return { recipient: 'bob@acme.test', url: 'https://docs.acme.test/', path: '/srv/docs/a' }[is]
  return { string: 'x', int: 1, number: 1, bool: true, opaque: {} }[type]
}
