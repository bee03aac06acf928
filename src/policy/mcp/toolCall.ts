import type { Json, JsonObject } from '../../core/json.ts'
import type { ToolParams } from '../catalogue.ts'
import { bool, double, type Field, listOf, oneOf, string, type ValueType } from '../conditions/valueType.ts'
import { type CataloguedTool, type ToolCatalogue, type ToolEffect, toolEffects } from './reviewedTool.ts'
import { type ArgumentFacts, mostValues, readArguments } from './toolArguments.ts'

/** What conditions see as `tool` (docs/policy.md#mcp). Without a review nothing of the catalogue counts: then it may do anything. */
export interface ToolCall {
  readonly server: string
  readonly name: string
  /** Whether the tool that the agent saw is one that somebody reviewed. */
  readonly reviewed: boolean
  readonly effect: ToolEffect | 'unknown'
  readonly outside: boolean
  /** What was read of the arguments; null where they are not understood, or the tool is not reviewed. */
  readonly read: (ArgumentFacts & { readonly arguments: JsonObject }) | null
  /** Why it is not reviewed, or its arguments not understood: a sentence for people, about a parameter. Null when all is well. */
  readonly why: { readonly param: string; readonly says: string } | null
}

/** Which tool a request calls, by the parameters that its action says, and what the policy knows of it. Pure, and never throws. */
export function toolCallOf(servers: ToolCatalogue, at: ToolParams, params: JsonObject): ToolCall {
  const [server, name] = [textAt(params, at.server), textAt(params, at.name)]
  const unknown = { server, name, reviewed: false, effect: 'unknown', outside: true, read: null } as const
  const tools = servers.get(server)
  if (tools === undefined)
    return {
      ...unknown,
      why: { param: at.server, says: 'This policy has no tools of a server of this name.' },
    }
  const tool = tools.get(name)
  if (tool === undefined)
    return {
      ...unknown,
      why: { param: at.name, says: 'This policy does not have this tool of the server: it is new.' },
    }
  const unseen = notReviewed(tool, given(params, at.digest), at)
  if (unseen !== null) return { ...unknown, why: unseen }
  const values = given(params, at.arguments) ?? {}
  const read = readArguments(tool, values)
  const reviewed = { server, name, reviewed: true, effect: tool.effect, outside: tool.outside } as const
  if ('why' in read) return { ...reviewed, read: null, why: { param: at.arguments, says: read.why } }
  return { ...reviewed, read: { ...read, arguments: values as JsonObject }, why: null } // readArguments takes only objects
}

function notReviewed(
  tool: CataloguedTool,
  digest: Json,
  { name, digest: param }: ToolParams,
): ToolCall['why'] {
  if (!tool.reviewed) return { param: name, says: 'Nobody has reviewed this tool yet.' }
  if (digest === null) return { param, says: 'The agent does not say which definition of the tool it saw.' }
  if (digest === tool.digest) return null
  return {
    param,
    says: 'The agent saw another definition of this tool than the one that was reviewed: it counts as new.',
  }
}

function textAt(params: JsonObject, name: string): string {
  const value = given(params, name)
  return typeof value === 'string' ? value : ''
}

function given(params: JsonObject, name: string): Json {
  return (Object.hasOwn(params, name) ? params[name] : null) ?? null
}

/** Always there, whatever is called. */
const always = {
  server: string,
  name: string,
  reviewed: bool,
  effect: oneOf({
    what: 'an effect of a tool',
    values: [...toolEffects, 'unknown'],
    code: 'cel/unknown-value',
  }),
  outside: bool,
  understood: bool,
} as const satisfies Readonly<Record<string, ValueType>>

/** There once a condition has shown that `tool.understood`. */
const onceUnderstood = {
  addresses: listOf(string),
  domains: listOf(string),
  hosts: listOf(string),
  paths: listOf(string),
  amounts: listOf(double),
  arguments: { kind: 'object', fields: new Map(), open: true },
} as const satisfies Readonly<Record<string, ValueType>>

/** The type of `tool`. */
export const toolType: ValueType = {
  kind: 'object',
  fields: new Map<string, Field>([
    ...Object.entries(always).map(([name, type]): [string, Field] => [name, { type, optional: false }]),
    ...Object.entries(onceUnderstood).map(([name, type]): [string, Field] => [
      name,
      { type, optional: true },
    ]),
  ]),
  open: false,
  guard: { field: 'understood', shows: Object.keys(onceUnderstood) },
}

/** The most that each list of facts can hold. */
export const toolSizes = { items: mostValues, text: 4_096 } as const

/** The facts under the names that conditions use. */
export function toolSeen({ server, name, reviewed, effect, outside, read }: ToolCall): JsonObject {
  return {
    server,
    name,
    reviewed,
    effect,
    outside,
    understood: read !== null,
    ...(read && { ...read }),
  }
}
