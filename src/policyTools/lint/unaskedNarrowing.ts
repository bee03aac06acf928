import type { Bundle } from '../../policy/bundle.ts'
import type { CatalogueAction } from '../../policy/catalogue.ts'
import { narrowMarks } from '../../policy/narrowMarks.ts'
import { type Finding, lintCodes } from './finding.ts'

/** Parameters that approvers may lower, of actions about which nobody is ever asked. */
export function unaskedNarrowing(bundle: Bundle): readonly Finding[] {
  return [...bundle.catalogue].flatMap(([action, known]): readonly Finding[] => {
    const marked = narrowMarks(known).map(([name]) => `\`${name}\``)
    if (marked.length === 0 || mayAsk(bundle, action, known)) return []
    const code = 'narrow/unasked'
    const message = `Nobody is asked about ${action}, so nobody lowers ${marked.join(' and ')}: remove \`narrow\`, or ask people about it.`
    const place = { file: 'actions.yaml', line: 1, column: 1, rule: null }
    return [{ level: lintCodes[code].level, code, ...place, message, excerpt: null }]
  })
}

/** Also by what stands in for a rule: where none speaks, and where the floor forbids an allow. */
function mayAsk(
  { candidates, unmatched, floor }: Bundle,
  action: string,
  { effect }: CatalogueAction,
): boolean {
  const rules = (candidates.get(action) ?? []).filter(({ mode }) => mode !== 'observe')
  return (
    unmatched.knownAction === 'require_approval' ||
    floor.neverAllowEffects.includes(effect) ||
    rules.some(({ verdict }) => verdict === 'require_approval')
  )
}
