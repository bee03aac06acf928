import type { JsonObject } from '../core/json.ts'
import type { Budget } from './budget.ts'
import type { Bundle, VerdictKind } from './bundle.ts'
import type { Facts } from './facts.ts'
import { isAbout } from './judgeRule.ts'

/**
 * The budgets of which a request is past what a rule compares it with, in words for people: why they are asked where nothing else about
 * the request is new. Of several numbers that it is past, the highest is told.
 */
export function overBudgets(
  bundle: Pick<Bundle, 'counted'>,
  { action, facts, kind }: { readonly action: string; readonly facts: Facts; readonly kind: VerdictKind },
): readonly JsonObject[] {
  const { comparisons = [], read = [] } = bundle.counted.get(action) ?? {}
  const telling = comparisons.filter(({ rule }) => rule.mode !== 'observe' && isAbout(rule, facts))
  return read.flatMap((budget) =>
    (['count', 'sum'] as const).flatMap((counts): readonly JsonObject[] => {
      const value = facts.budget?.[budget.name]?.[counts]
      if (value === undefined) return []
      const passed = telling
        .filter((one) => one.budget === budget.name && one.of === counts)
        .flatMap(({ most }) => (most !== null && value > most ? most : []))
      if (passed.length === 0) return []
      const limit = Math.max(...passed)
      return [
        { budget: budget.name, counts, value, limit, says: sayOver(budget, { counts, value, limit, kind }) },
      ]
    }),
  )
}

interface Over {
  readonly counts: 'count' | 'sum'
  readonly value: number
  readonly limit: number
  readonly kind: VerdictKind
}

function sayOver(budget: Budget, { counts, value, limit, kind }: Over): string {
  const { name, per, windowSeconds, sum } = budget
  const whose = counted[per]
  const within = `in ${sayStretch(windowSeconds)} for ${whose} (${name})`
  const bound = (most: string) => (kind === 'deny' ? `the limit is ${most}` : `${most} go without a person`)
  if (counts === 'count') return `This is the ${ordinal(value)} ${within}; ${bound(digits(limit))}.`
  const money = (amount: number) => sayAmount(amount, sum?.currency ?? '')
  return `With this one it is ${money(value)} ${within}; ${bound(money(limit))}.`
}

function digits(value: number): string {
  return value.toLocaleString('en')
}

const endings = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' } as const
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })

function ordinal(value: number): string {
  return `${digits(value)}${endings[ordinals.select(value)]}`
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** `24 hours`, `7 days`: one day is said in hours, because it is no day of the calendar. */
function sayStretch(seconds: number): string {
  const [unit, size] = units.find(
    ([unit, size]) => seconds % size === 0 && seconds >= (unit === 'day' ? 2 * size : size),
  ) ?? ['second', 1]
  const count = seconds / size
  return `${digits(count)} ${unit}${count === 1 ? '' : 's'}`
}

/** `1,050.00 EUR`: in the unit that people count in, however many of the smallest it has. */
function sayAmount(amount: number, currency: string): string {
  const { maximumFractionDigits: places = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  const smallest = BigInt(amount)
  const unit = 10n ** BigInt(places)
  const whole = (smallest / unit).toLocaleString('en')
  return places === 0
    ? `${whole} ${currency}`
    : `${whole}.${`${smallest % unit}`.padStart(places, '0')} ${currency}`
}

const counted = {
  agent: 'this agent',
  initiator: 'this person',
  resource: 'this resource',
} as const satisfies Record<Budget['per'], string>
