import type { Condition, Rule } from './bundle.ts'
import type { Bindings } from './conditions/engine.ts'

/** What a condition came to, and the sentence for the record when it could not be evaluated. */
export interface Ruling {
  readonly applies: boolean
  readonly errors: readonly string[]
}

/**
 * Whether a candidate rule applies: `when` and not `unless`. What cannot be evaluated counts the stricter way: for a rule
 * that denies or asks, `when` as true and `unless` as false; for one that allows, the other way round (policy.md section
 * 4.6). The action's name and effect were already matched by the index; environments are compared letter by letter.
 */
export function judgeRule(rule: Rule, environment: string, bindings: () => Bindings): Ruling {
  const { match, when, unless, verdict, id } = rule
  if (!(match.environments?.includes(environment) ?? true)) return { applies: false, errors: [] }
  const errors: string[] = []
  const holds = (
    condition: Condition | null,
    name: string,
    otherwise: { absent: boolean; failed: boolean },
  ) => {
    if (condition === null) return otherwise.absent
    const outcome = condition.compiled.eval(bindings())
    if (outcome.ok) return outcome.value === true
    errors.push(couldNot(`${name}\` of rule ${id}`, `counts as ${otherwise.failed}`, outcome.error))
    return otherwise.failed
  }
  const strict = verdict !== 'allow'
  const applies =
    holds(when, '`when', { absent: true, failed: strict }) &&
    !holds(unless, '`unless', { absent: false, failed: !strict })
  return { applies, errors }
}

/** One sentence for people; the engine's own words never hold a value. */
export function couldNot(what: string, taken: string, error: string): string {
  return `${what} could not be evaluated and ${taken} (${error}).`
}
