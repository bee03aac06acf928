import { z } from 'zod'
import { durationPattern, secondsIn } from '../../core/duration.ts'
import type { Json } from '../../core/json.ts'
import { didYouMean } from '../../core/nearest.ts'
import { bundleLimits } from '../limits.ts'
import { type BundleProblem, type Fault, type ProblemCode, problemAt } from '../problem.ts'
import type { Path, Source } from './source.ts'
import { unsupported, unsupportedMessage } from './unsupported.ts'

/** The value at `path` of a file in the shape of a schema, or everything that is wrong with it, in the file's own places. */
export function readShape<T>(source: Source, path: Path, schema: z.ZodType<T>): Shaped<T> {
  const value = valueAt(source.value, path)
  const read = schema.safeParse(value)
  if (read.success) return { shape: read.data }
  const faults = read.error.issues.flatMap((issue) => faultsOf(issue, value))
  return { problems: faults.map((fault) => problemAt(source, { ...fault, path: [...path, ...fault.path] })) }
}

/** The same for a value that stands in no file of a bundle, with the first thing that is wrong. */
export function shapeOf<T>(
  value: Json,
  schema: z.ZodType<T>,
): { readonly shape: T } | { readonly wrong: string } {
  const read = schema.safeParse(value)
  if (read.success) return { shape: read.data }
  const [fault] = read.error.issues.flatMap((issue) => faultsOf(issue, value))
  return { wrong: fault?.message ?? 'This has the wrong form.' }
}

export type Shaped<T> = { readonly shape: T } | { readonly problems: readonly BundleProblem[] }

/** A mapping with these properties and no others. */
export function properties<S extends z.ZodRawShape>(shape: S) {
  // The message of the issue carries what is allowed here, for "did you mean".
  const error = (issue: { readonly code?: string }) =>
    issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined
  return z.strictObject(shape, { error })
}

/** A mapping from names that fit a pattern to values of one schema, as a Map: no name can meet a property of Object. */
export function mapping<T>(name: { pattern: RegExp; says: string }, value: z.ZodType<T>) {
  return z
    .record(z.string().regex(name.pattern, name.says), value)
    .transform((entries): ReadonlyMap<string, T> => new Map(Object.entries(entries)))
}

/** A list of words that fit a pattern, or one text with blanks between them, which is read several times as fast. */
export function words(word: { pattern: RegExp; says: string }) {
  const written = z.string().transform((text, context): readonly string[] => {
    const found = blankSeparated(text)
    const isWrong = found.length === 0 || found.some((one) => !word.pattern.test(one))
    if (isWrong) context.addIssue({ code: 'custom', message: `has a word that ${word.says}`, continue: true })
    return found
  })
  return z.union([written, z.array(z.string().regex(word.pattern, word.says)).min(1, 'must have a word')])
}

/** A mapping as `mapping` has it, or one text of `name=value` with blanks between them. */
export function pairs<T extends string>(name: { pattern: RegExp; says: string }, value: z.ZodType<T>) {
  const written = z.string().transform((text, context): ReadonlyMap<string, T> => {
    const found = new Map<string, T>()
    for (const one of blankSeparated(text)) {
      const [key = ''] = one.split('=', 1)
      const read = value.safeParse(one.slice(key.length + 1))
      const isWrong = !one.includes('=') || !name.pattern.test(key) || found.has(key) || !read.success
      if (isWrong) context.addIssue({ code: 'custom', message: notPairs, continue: true })
      else found.set(key, read.data)
    }
    return found
  })
  return z.union([written, mapping(name, value)])
}

const notPairs = 'must be `name=value`, each name once and each value a known one, with blanks between them'

function blankSeparated(text: string): readonly string[] {
  return text.split(/[ \n]+/).filter((one) => one !== '')
}

/** Text that is not blank, of at most `most` characters. */
export function text(most: number) {
  return z.string().regex(/\S/, 'must not be empty').max(most, `must have at most ${most} characters`)
}

/** A text in which `*` stands for any characters. */
export const pattern = text(512).refine(
  (written) => !written.includes('**'),
  'must not have two stars in a row',
)

/** The name of an environment as requests can spell it: another could never be named by one. */
export const environmentName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:-]{0,63}$/,
    'must be lower-case letters, digits and . _ : -, begin with a letter or digit, and have at most 64 characters',
  )

/** A duration such as `15m`, read as seconds; at most 30 days. */
export const duration = z.string().transform((written, context) => {
  if (durationPattern.test(written) && secondsIn(written) <= bundleLimits.expirySeconds)
    return secondsIn(written)
  const message = 'must be a duration of at most 30 days, such as 30s, 15m, 2h or 1d'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** What to pass to `addIssue` or `refine` for a fault with a code of its own. The message is a whole sentence. */
export function coded(code: ProblemCode, message: string) {
  return { code: 'custom' as const, message, params: { code } }
}

function faultsOf(issue: z.core.$ZodIssue, root: Json | undefined): readonly Fault[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const name = nameOf(path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, 20).map((key) => unknownProperty(key, path, issue.message))
  if (issue.code === 'custom' && isProblemCode(issue.params?.code)) {
    return [{ path, code: issue.params.code, message: issue.message }]
  }
  const found = valueAt(root, path)
  if (found === undefined) return [{ path, code: 'schema/missing', message: `${name} is missing: add it.` }]
  if (issue.code === 'invalid_key') {
    return [
      {
        path,
        on: 'key',
        code: 'schema/value',
        message: `The name ${quoted(path.at(-1))} ${issue.issues[0]?.message ?? ''}.`,
      },
    ]
  }
  if (issue.code === 'invalid_type')
    return [{ path, code: 'schema/type', message: wrongType(name, issue.expected, found) }]
  if (issue.code === 'invalid_value')
    return [{ path, code: 'schema/value', message: notOneOf(name, issue, found) }]
  return [{ path, code: 'schema/value', message: `${name} ${issue.message}.` }]
}

function unknownProperty(key: string, path: Path, allowed: string): Fault {
  const at = { path: [...path, key], on: 'key' as const }
  if (unsupported.has(key)) return { ...at, code: 'schema/unsupported', message: unsupportedMessage(key) }
  const names = allowed.split(' ')
  const hint = didYouMean(key, names) || ` Known here: ${names.join(', ')}.`
  return {
    ...at,
    code: 'schema/unknown-property',
    message: `There is no property ${quoted(key)} here.${hint}`,
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function wrongType(name: string, expected: string, found: Json): string {
  const fix = expected === 'string' && typeof found !== 'object' ? ': put it in quotes' : ''
  const actual =
    found === null ? 'empty' : Array.isArray(found) ? 'a list' : (typeNames[typeof found] ?? typeof found)
  return `${name} must be ${typeNames[expected] ?? expected}, not ${actual}${fix}.`
}

function notOneOf(name: string, issue: z.core.$ZodIssueInvalidValue, found: Json): string {
  const values = issue.values.map(String)
  const hint = typeof found === 'string' ? didYouMean(found, values) : ''
  return `${name} must be ${values.join(' or ')}.${hint}`
}

/** The nearest property name on the path, as a reader of the file would call it. */
function nameOf(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string')
  const within = typeof path.at(-1) === 'number' ? 'An item of ' : ''
  return name === undefined ? 'This' : `${within}\`${name}\``
}

function valueAt(root: Json | undefined, path: Path): Json | undefined {
  let value: unknown = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step] // an object or a list that owns this step
  }
  return value as Json | undefined // parts of JSON are JSON
}

function quoted(name: unknown): string {
  return JSON.stringify(String(name))
}

const isProblemCode = (code: unknown): code is ProblemCode => typeof code === 'string' && code.includes('/')
