import { allowedBy, intervalOf, type Tests } from '../logic/domain.ts'
import type { RuleLogic } from '../logic/ruleLogic.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that allow a number up to a limit and say nothing about how small it may be, or the reverse: a refund of minus five
 * euros is below every limit. Said once for each number of a rule.
 */
export function unboundedAllows(logic: readonly RuleLogic[]): readonly Finding[] {
  return logic
    .filter(({ rule }) => rule.verdict === 'allow')
    .flatMap(({ rule, ways }) => {
      const open = new Map(ways.clauses.flatMap((way) => [...way].flatMap(openSide)))
      return [...open].map(([path, side]) => {
        const limit = side === 'below' ? `\`${path} >= 0\`` : `\`${path} <= …\``
        const free = side === 'below' ? 'however far below zero' : 'however large'
        const message = `This bounds \`${path}\` on one side only, and allows it ${free}: say the other limit, ${limit}.`
        return about(rule, ['allow/unbounded', message], { condition: rule.when })
      })
    })
}

type Side = readonly [path: string, missing: 'below' | 'above']

function openSide([path, tests]: readonly [string, Tests]): readonly Side[] {
  const isCompared = tests.some(({ is }) => is === 'relation')
  if (!path.startsWith('params.') || isCompared || allowedBy(tests) !== null) return []
  const { low, high } = intervalOf(tests)
  const [down, up] = [Number.isFinite(low.at), Number.isFinite(high.at)]
  return down === up ? [] : [[path, down ? 'above' : 'below']]
}
