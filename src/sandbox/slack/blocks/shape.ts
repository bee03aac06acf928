/** Small checks that compose into the Block Kit tables, and say what is wrong in Slack's own words. */

/** One thing wrong: where (a JSON pointer such as `/blocks/0/text/text`) and what. */
export interface Problem {
  readonly pointer: string
  readonly message: string
}

/** Looks at one value and adds what is wrong with it to `found`. */
export type Check = (value: unknown, pointer: string, found: Problem[]) => void

/** What an object rule sees: the object itself. It returns a sentence when the rule is broken. */
export type Rule = (value: Fields) => string | undefined

export type Fields = Readonly<Record<string, unknown>>

interface Field {
  readonly check: Check
  readonly required: boolean
}

export const required = (check: Check): Field => ({ check, required: true })
export const optional = (check: Check): Field => ({ check, required: false })

/** True for a JSON object; arrays and null are not. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object with exactly these properties: a missing or an unknown one is refused, as Slack does. */
export function object(fields: Readonly<Record<string, Field>>, rules: readonly Rule[] = []): Check {
  return (value, pointer, found) => {
    if (!isFields(value)) return void found.push({ pointer, message: 'must provide an object' })
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) found.push({ pointer, message: `invalid additional property: ${key}` })
    }
    for (const [key, field] of Object.entries(fields)) {
      if (value[key] !== undefined) field.check(value[key], `${pointer}/${key}`, found)
      else if (field.required) found.push({ pointer, message: `missing required field: ${key}` })
    }
    for (const rule of rules) {
      const message = rule(value)
      if (message !== undefined) found.push({ pointer, message })
    }
  }
}

/** A string of `min` to `max` Unicode code points, as it was sent (`&amp;` counts five). */
export function string(bounds: { min?: number; max?: number; pattern?: RegExp } = {}): Check {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = bounds
  return (value, pointer, found) => {
    if (typeof value !== 'string') return void found.push({ pointer, message: 'must provide a string' })
    const length = codePoints(value)
    if (length < min) found.push({ pointer, message: `must be more than ${min - 1} characters` })
    if (length > max) found.push({ pointer, message: `must be less than ${max + 1} characters` })
    if (pattern !== undefined && !pattern.test(value)) {
      found.push({ pointer, message: `must match pattern ${pattern.source}` })
    }
  }
}

export function integer(min: number, max: number): Check {
  return (value, pointer, found) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return
    found.push({ pointer, message: `must be a whole number from ${min} to ${max}` })
  }
}

export const boolean: Check = (value, pointer, found) => {
  if (typeof value !== 'boolean') found.push({ pointer, message: 'must provide a boolean' })
}

/** One of the given values and nothing else. */
export function literal(...allowed: readonly (string | number)[]): Check {
  return (value, pointer, found) => {
    if (allowed.some((one) => one === value)) return
    found.push({ pointer, message: `must be one of: ${allowed.join(', ')}` })
  }
}

/** A list of `min` to `max` items, each passing `item`. */
export function list(item: Check, bounds: { min?: number; max: number }): Check {
  const { min = 1, max } = bounds
  return (value, pointer, found) => {
    if (!Array.isArray(value)) return void found.push({ pointer, message: 'must provide an array' })
    if (value.length < min) found.push({ pointer, message: `no less than ${min} items allowed` })
    if (value.length > max) found.push({ pointer, message: `no more than ${max} items allowed` })
    value.slice(0, max).forEach((one, i) => {
      item(one, `${pointer}/${i}`, found)
    })
  }
}

/** Chooses the check by the value's own `type`; a type that is not in the table is refused. */
export function byType(table: Readonly<Record<string, Check>>): Check {
  return (value, pointer, found) => {
    if (!isFields(value)) return void found.push({ pointer, message: 'must provide an object' })
    const { type } = value
    if (type === undefined) return void found.push({ pointer, message: 'missing required field: type' })
    const check = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined
    if (check === undefined) {
      return void found.push({ pointer: `${pointer}/type`, message: `unsupported type: ${String(type)}` })
    }
    check(value, pointer, found)
  }
}

/** Length as Slack counts it. */
export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Rule: exactly one of the named properties is there. */
export function exactlyOne(...keys: readonly string[]): Rule {
  return (value) =>
    keys.filter((key) => value[key] !== undefined).length === 1
      ? undefined
      : `must define exactly one of: ${keys.join(', ')}`
}

/** Rule: at least one of the named properties is there. */
export function atLeastOne(...keys: readonly string[]): Rule {
  return (value) =>
    keys.some((key) => value[key] !== undefined)
      ? undefined
      : `must define at least one of: ${keys.join(', ')}`
}
