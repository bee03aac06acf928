import type { Action } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import { becauseOf } from './because.ts'
import type { Bundle, Rule, VerdictKind } from './bundle.ts'
import type { Bindings } from './conditions/engine.ts'
import type { Facts } from './facts.ts'
import { hiddenParams } from './hidden.ts'
import { impactOf } from './impact.ts'
import { isAbout } from './judgeRule.ts'
import { markedIn } from './narrowMarks.ts'
import { overBudgets } from './overBudget.ts'
import { shownReadings } from './shownReadings.ts'
import { unreadIn } from './unread.ts'

interface Judged {
  readonly bundle: Bundle
  readonly action: Action
  readonly facts: Facts
  readonly bindings: () => Bindings
}

/** What only people go by: how bad the action can be, the values by which rules that ask or deny apply, what stays hidden from them, and what they may lower. */
export function shownFacts(
  { bundle, action, bindings, facts }: Judged,
  kind: VerdictKind,
  decisive: readonly Rule[],
): JsonObject {
  const known = bundle.catalogue.get(action.action)
  const impact = known && impactOf(action, known)
  const because = kind === 'allow' ? [] : becauseOf(decisive, bindings)
  const asked = (bundle.candidates.get(action.action) ?? []).filter(
    (rule) => rule.mode !== 'observe' && isAbout(rule, facts),
  )
  const hidden = known ? hiddenParams(known, asked) : []
  const unread = known && kind !== 'allow' ? unreadIn(bindings(), hidden) : []
  const over = kind === 'allow' ? [] : overBudgets(bundle, { action: action.action, facts, kind })
  const narrowable = kind === 'require_approval' ? markedIn(known, action.params) : {}
  const readings = known && kind !== 'allow' ? shownReadings(known, bindings(), hidden) : []
  return {
    ...(impact && { impact }),
    ...(because.length > 0 && { because }),
    ...(over.length > 0 && { over }),
    ...(unread.length > 0 && { unread: unread.map((one) => ({ ...one })) }),
    ...(readings.length > 0 && { readings: [...readings] }),
    ...(hidden.length > 0 && { hidden: [...hidden] }),
    ...(Object.keys(narrowable).length > 0 && { narrowable }),
  }
}
