import { didYouMean } from '../../core/nearest.ts'
import { conditionLimits } from './limits.ts'
import type { Node } from './node.ts'
import { type Call, operators } from './operators.ts'
import type { ValueType } from './valueType.ts'
import * as t from './valueType.ts'

type Rule = (call: Call) => ValueType | null

/** The type of a call, or null after saying what is wrong with it. What is not listed here does not exist. */
export function typeOfCall(call: Call): ValueType | null {
  const rule = call.target ? methods.get(call.name) : (operators.get(call.name) ?? functions.get(call.name))
  if (rule) return rule(call)
  const known = [...(call.target ? methods : functions).keys()]
  const elsewhere = (call.target ? functions : methods).has(call.name)
  const how = call.target ? `${call.name}(x)` : `x.${call.name}(…)`
  const instead = leftOut.get(call.name)
  const fix =
    instead ??
    (elsewhere ? `Write ${how}.` : didYouMean(call.name, known).trim() || `Known here: ${known.join(', ')}.`)
  return call.refuse('cel/unknown-function', `There is no function "${call.name}" here. ${fix}`)
}

/** Names for the guard against shadowing. */
export const functionNames = (): readonly string[] => [...functions.keys(), ...methods.keys()]

const leftOut = new Map([
  ['replace', 'It is left out because texts could grow without end: use lowerAscii, split or matches.'],
  ['format', 'It is left out because texts could grow without end.'],
  ['dyn', 'Types are checked when the policy is loaded: remove it.'],
  ['type', 'Types are checked when the policy is loaded: remove it.'],
  ['bool', 'Compare with a text instead: x == "true".'],
  ['bytes', 'Bytes are not in this language.'],
  ['uint', 'Use int.'],
  ...['len', 'length', 'count'].map((name) => [name, 'Write size(x), or x.size().'] as const),
  ...['lower', 'toLower', 'toLowerCase', 'upper', 'toUpper', 'toUpperCase', 'upperAscii'].map(
    (name) => [name, 'Write x.lowerAscii(), and compare with text in lower case.'] as const,
  ),
  ...['includes', 'has', 'contain'].map(
    (name) => [name, 'Write text.contains("a"), or for a list "a" in list.'] as const,
  ),
  ['not', 'Write !(…).'],
  ['and', 'Write a && b.'],
  ['or', 'Write a || b.'],
  ...[
    'getHours',
    'getDayOfWeek',
    'getDate',
    'getMonth',
    'getFullYear',
    'getMinutes',
    'getDayOfMonth',
    'getDayOfYear',
  ].map(
    (name) =>
      [
        name,
        'Use time.hour, time.weekday, time.date or time.windows: they are in the zone of the bundle.',
      ] as const,
  ),
])

const size: Rule = ({ name, target, args, refuse }) => {
  const of = target ?? args[0]
  if (of === undefined || args.length > (target ? 0 : 1))
    return refuse('cel/type-mismatch', 'size takes one value.')
  if (['string', 'list', 'map', 'dyn'].includes(of.type.kind)) return { kind: 'int', most: 2n ** 20n }
  return refuse('cel/type-mismatch', `${name} counts a text or a list, not ${t.nameOfType(of.type)}.`)
}

const functions = new Map<string, Rule>([
  ['size', size],
  ['int', (call) => conversion(call, 'int')],
  ['double', (call) => conversion(call, 'double')],
  ['string', (call) => conversion(call, 'string')],
  ['timestamp', (call) => fromLiteral(call, isInstant, t.timestamp)],
  ['duration', (call) => fromLiteral(call, isDuration, t.duration)],
])

const methods = new Map<string, Rule>([
  ['size', size],
  ['startsWith', (call) => onText(call, t.bool)],
  ['endsWith', (call) => onText(call, t.bool)],
  ['contains', (call) => bySought(call, t.bool)],
  ['split', (call) => bySought(call, t.listOf(t.string))],
  ['matches', matches],
  [
    'lowerAscii',
    ({ target, args, refuse }) =>
      args.length === 0 && isText(target?.type)
        ? t.string
        : refuse('cel/type-mismatch', 'lowerAscii is written text.lowerAscii().'),
  ],
])

function onText({ name, target, args, refuse }: Call, result: ValueType): ValueType | null {
  const [argument] = args
  if (args.length === 1 && isText(target?.type) && isText(argument?.type)) return result
  const given =
    args.length === 1
      ? ` here it is ${[target, argument].map((one) => (one ? t.nameOfType(one.type) : '')).join(' and ')}`
      : ''
  if (name === 'contains' && target?.type.kind === 'list')
    return refuse('cel/type-mismatch', 'contains looks into a text; for a list write "a" in list.')
  return refuse(
    'cel/type-mismatch',
    `${name} is written text.${name}("text");${given || ' it takes one text'}.`,
  )
}

/** A written part that is too long would fail every time. */
function bySought(call: Call, result: ValueType): ValueType | null {
  const node = call.args[0]?.node
  const { part } = conditionLimits
  if (node?.kind === 'literal' && typeof node.value === 'string' && node.value.length > part)
    return call.refuse(
      'cel/may-fail',
      `${call.name} takes a text of at most ${part} characters, but this has ${node.value.length}: shorten it.`,
    )
  return onText(call, result)
}

/** Only a literal: it is compiled when the policy is loaded, and the agent can never bring one. */
function matches(call: Call): ValueType | null {
  const pattern = call.args[0]?.node
  if (call.args.length !== 1 || !isText(call.target?.type))
    return call.refuse('cel/type-mismatch', 'matches is written text.matches("pattern").')
  if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string')
    return call.refuse(
      'cel/dynamic-regex',
      'A regular expression has to be a literal: put the pattern in quotes.',
    )
  if (pattern.value.length > conditionLimits.regexLength)
    return call.refuse(
      'cel/limit/regex',
      `A regular expression has at most ${conditionLimits.regexLength} characters.`,
    )
  const variable = call.variable
  if (variable !== null && !(call.target?.node.kind === 'ident' && call.target.node.name === variable))
    return call.refuse(
      'cel/limit/regex',
      `Inside a macro, matches may only search its own variable: ${variable}.matches(…).`,
    )
  const wrong = call.compileRegex(pattern.value)
  return wrong === null
    ? t.bool
    : call.refuse('cel/bad-regex', `This is not an RE2 regular expression: ${wrong}.`)
}

function conversion({ args, refuse }: Call, to: 'int' | 'double' | 'string'): ValueType | null {
  const from = args[0]?.type
  if (from === undefined || args.length !== 1) return refuse('cel/type-mismatch', `${to} takes one value.`)
  if (to === 'string' && from.kind !== 'list' && from.kind !== 'object' && from.kind !== 'map')
    return t.string
  if (to === 'double' && (t.isNumber(from) || from.kind === 'dyn')) return t.double
  if (to === 'int' && (from.kind === 'int' || from.kind === 'dyn')) return from.kind === 'int' ? from : t.int
  if (to === 'int' && (from.kind === 'timestamp' || from.kind === 'duration'))
    return { kind: 'int', most: 2n ** 40n }
  if (to !== 'string' && (from.kind === 'string' || from.kind === 'double')) {
    const fix = 'declare the parameter as int or number in actions.yaml, and compare it as it is'
    return refuse(
      'cel/may-fail',
      `Not every ${t.nameOfType(from)} is ${to === 'int' ? 'an int' : 'a number'}, so this could fail: ${fix}.`,
    )
  }
  return refuse('cel/type-mismatch', `${to} cannot be made from ${t.nameOfType(from)}.`)
}

function fromLiteral(call: Call, fits: (text: string) => boolean, result: ValueType): ValueType | null {
  const node: Node | undefined = call.args[0]?.node
  const example = call.name === 'timestamp' ? '"2026-11-24T14:00:00Z"' : '"24h" or "90m", at most ten years'
  if (call.args.length !== 1 || node?.kind !== 'literal' || typeof node.value !== 'string') {
    const reading =
      call.name === 'timestamp' ? ' A number would be ambiguous, and other text could fail.' : ''
    return call.refuse('cel/may-fail', `${call.name} takes a literal text, such as ${example}.${reading}`)
  }
  if (fits(node.value)) return result
  return call.refuse('cel/type-mismatch', `${call.name} takes text such as ${example}.`)
}

/** A day and a time that there are, bounded, so that sums stay in range. */
function isInstant(text: string): boolean {
  const local = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1]
  if (local === undefined || Number.isNaN(Date.parse(text))) return false
  // Date takes 30 February, and hour 24, for a time on the next day.
  const read = new Date(Date.parse(`${local}Z`))
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(local)) return false
  return read.getUTCFullYear() >= 1970 && read.getUTCFullYear() < 3000
}

const seconds: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001, us: 1e-6, ns: 1e-9 }

function isDuration(text: string): boolean {
  if (!/^-?(\d{1,9}(\.\d{1,9})?(h|ms|us|ns|m|s))+$/.test(text)) return false
  const parts = [...text.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g)]
  return (
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (seconds[unit ?? ''] ?? 0), 0) <=
    3_650 * 86_400
  )
}

function isText(type: ValueType | undefined): boolean {
  return type?.kind === 'string' || type?.kind === 'dyn'
}
