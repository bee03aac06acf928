import { z } from 'zod'
import type { ParamType } from '../catalogue.ts'
import { argumentKinds, type ToolArgument, toolEffects } from '../mcp/reviewedTool.ts'
import { readTyped } from './catalogueSchema.ts'
import { mapping, properties, text } from './shape.ts'

/** The name of a server, which is also that of its file. */
export const serverName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** As many as a server may have, by what people can review. */
export const mostTools = 500

/** Longer than any that is meant to be read. */
export const longestDescription = 20_000

const ask = 'ask'
const argument = {
  pattern: /^[ -~\u0080-\uffff]{1,128}$/,
  says: 'must have 1 to 128 characters, none of them a control character',
}

const toolSchema = properties({
  name: text(128),
  title: text(512).exactOptional(),
  description: z
    .string()
    .max(longestDescription, `must have at most ${longestDescription} characters`)
    .exactOptional(),
  hints: z.record(text(128), z.boolean()).exactOptional(),
  digest: z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]),
  effect: z.enum(toolEffects),
  outside: z.boolean(),
  arguments: mapping(argument, z.unknown().transform(readArgument)).exactOptional(),
  unsure: z.array(text(1_000)).min(1, 'must have a sentence, or be left out').exactOptional(),
  note: text(2_000).exactOptional(),
  reviewed: z.union([
    z.literal(false),
    properties({
      by: text(256),
      on: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, such as 2026-12-01'),
    }),
  ]),
}).superRefine(({ unsure, reviewed }, context) => {
  if (unsure === undefined || reviewed === false) return
  const message = 'must be removed once you have decided: what is reviewed is no longer unsure'
  context.addIssue({ code: 'custom', message, path: ['unsure'] })
})

/** mcp/<server>.yaml: what an import drafted of the tools of one MCP server, and people reviewed (docs/policy.md#mcp). */
export const serverSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('McpServer'),
  server: z.string().regex(serverName, 'must be letters, digits, dots, dashes and underscores, at most 64'),
  reaches: z.enum(['ours', 'unknown']),
  unsaid: properties({
    effect: z.enum([...toolEffects, ask]),
    outside: z.union([z.boolean(), z.literal(ask)]),
  }),
  tools: z.array(toolSchema).max(mostTools, `must have at most ${mostTools} tools`),
})

export type ServerShape = z.infer<typeof serverSchema>
export type ToolShape = ServerShape['tools'][number]

/** An argument as it is written: `says` is what the server says of it, for whoever reviews. */
export interface WrittenArgument extends ToolArgument {
  readonly says?: string
}

/** A type as in actions.yaml, or `{type: …}` with `is`, with `says`, or with both. */
function readArgument(written: unknown, context: z.RefinementCtx): WrittenArgument {
  const read = argumentOf(written)
  if (typeof read !== 'string') return read
  context.addIssue({ code: 'custom', message: read })
  return z.NEVER
}

/** The argument, or the sentence that says what is wrong with it. */
function argumentOf(written: unknown): WrittenArgument | string {
  const long = longForm(written)
  const typed = readTyped(long === null ? written : long.type)
  if (typed === null)
    return 'must be a type as in actions.yaml (string, int?, {list: string}), or {type: string, is: url}'
  const { is: kind, says } = long ?? {}
  if (says !== undefined && typeof says !== 'string') return 'must have text in `says`'
  const told = says === undefined ? {} : { says }
  if (kind === undefined) return { ...typed, ...told }
  const is = argumentKinds.find((one) => one === kind)
  if (is === undefined) return `must say in \`is\` what it is: ${argumentKinds.join(', ')}`
  if (fitsKind(typed.type, is)) return { ...typed, is, ...told }
  return `must be ${is === 'amount' ? 'a number or an int' : 'a string or {list: string}'}, to be read as ${is}`
}

interface LongForm {
  readonly type: unknown
  readonly is?: unknown
  readonly says?: unknown
}

function longForm(written: unknown): LongForm | null {
  if (typeof written !== 'object' || written === null || !('type' in written)) return null
  return Object.keys(written).every((key) => ['type', 'is', 'says'].includes(key)) ? written : null
}

/** Whether a value of a type can be read as what it is said to be. */
export function fitsKind(type: ParamType, is: ToolArgument['is']): boolean {
  if (is === 'amount') return type === 'number' || type === 'int'
  return type === 'string' || (typeof type === 'object' && type.list === 'string')
}
