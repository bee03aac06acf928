import { z } from 'zod'
import { pointerTo } from '../core/json.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Problem } from '../core/refusal.ts'

/** More would not help anybody. */
const mostProblems = 20

/** What zod found (with `reportInput`), as places and sentences. Sentences never repeat a value that was sent. */
export function problemsIn(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, schema)).slice(0, mostProblems)
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Problem[] {
  const pointer = issue.path.reduce<string>((parent, step) => pointerTo(parent, String(step)), '')
  if (issue.code !== 'unrecognized_keys') return [{ pointer, detail: sentenceOf(issue) }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => ({
    pointer: pointerTo(pointer, key),
    detail: `There is no such property.${didYouMean(key, known)}`,
  }))
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'This is required.'
    return `This must be ${kinds[issue.expected] ?? issue.expected}.`
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'array'
      ? `At most ${issue.maximum} items.`
      : `At most ${issue.maximum} characters.`
  }
  if (issue.code === 'too_small') return 'This must not be empty.'
  return issue.message
}

/** The property names that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [step, ...rest] = path
  const bare = unwrapped(schema)
  if (bare instanceof z.ZodArray && step !== undefined) return keysAt(elementOf(bare), rest)
  if (!(bare instanceof z.ZodObject)) return []
  if (step === undefined) return Object.keys(bare.shape)
  const inner: unknown = bare.shape[String(step)]
  return inner instanceof z.ZodType ? keysAt(inner, rest) : []
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodOptional) && !(schema instanceof z.ZodDefault)) return schema
  const inner: unknown = schema.unwrap()
  return inner instanceof z.ZodType ? unwrapped(inner) : schema
}

function elementOf(list: z.ZodArray): z.ZodType {
  const element: unknown = list.element
  return element instanceof z.ZodType ? element : list
}
