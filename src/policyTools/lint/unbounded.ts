import type { Bundle } from '../../policy/bundle.ts'
import type { CatalogueAction } from '../../policy/catalogue.ts'
import { pathTo } from '../../policy/conditions/path.ts'
import { allowedBy, intervalOf, type Tests } from '../logic/domain.ts'
import type { RuleLogic } from '../logic/ruleLogic.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that allow a number up to a limit and say nothing about how small it may be, or the reverse: a refund of minus five
 * euros is below every limit. Said once for each number of a rule.
 */
export function unboundedAllows(
  { catalogue }: Pick<Bundle, 'catalogue'>,
  logic: readonly RuleLogic[],
): readonly Finding[] {
  return logic
    .filter(({ rule }) => rule.verdict === 'allow')
    .flatMap(({ rule, actions, ways }) => {
      const isAmount = (path: string) =>
        actions.every((action) => amountsOf(catalogue.get(action)).includes(path))
      const sides = ways.clauses.flatMap((way) => [...way].flatMap(openSide))
      const open = new Map(sides.filter(([path, side]) => side === 'above' || !isAmount(path)))
      return [...open].map(([path, side]) => {
        const limit = side === 'below' ? `\`${path} >= 0\`` : `\`${path} <= …\``
        const free = side === 'below' ? 'however far below zero' : 'however large'
        const message = `This bounds \`${path}\` on one side only, and allows it ${free}: say the other limit, ${limit}.`
        return about(rule, ['allow/unbounded', message], { condition: rule.when })
      })
    })
}

/** Paths of what is above zero in any case. */
function amountsOf(action: CatalogueAction | undefined): readonly string[] {
  if (action === undefined || action.params === 'open') return []
  return [...action.params].flatMap(([name, { amount }]) => (amount ? pathTo('params', name) : []))
}

type Side = readonly [path: string, missing: 'below' | 'above']

function openSide([path, tests]: readonly [string, Tests]): readonly Side[] {
  const isCompared = tests.some(({ is }) => is === 'relation')
  const isCounted = path.startsWith('budget.')
  if (!(isCounted || path.startsWith('params.')) || isCompared || allowedBy(tests) !== null) return []
  const { low, high } = intervalOf(tests)
  const [down, up] = [Number.isFinite(low.at), Number.isFinite(high.at)]
  // What was counted is never below one.
  if (isCounted) return up ? [] : [[path, 'above']]
  return down === up ? [] : [[path, down ? 'above' : 'below']]
}
