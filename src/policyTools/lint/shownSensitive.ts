import { type Bundle, type Condition, conditionsOf, type Rule } from '../../policy/bundle.ts'
import { hiddenParams } from '../../policy/hidden.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Sensitive parameters that people are shown all the same, because a rule about the action reads them: told once for each condition, with
 * the first action of which that is so.
 */
export function shownSensitive({ catalogue, candidates }: Bundle): readonly Finding[] {
  const found = new Map<string, Finding>()
  for (const [action, known] of catalogue) {
    if (known.params === 'open') continue
    const sensitive = [...known.params].flatMap(([name, param]) => (param.sensitive ? [name] : []))
    if (sensitive.length === 0) continue
    // Whoever only observes decides nothing, and shows nothing.
    const rules = (candidates.get(action) ?? []).filter(({ mode }) => mode !== 'observe')
    for (const rule of rules)
      for (const condition of conditionsOf(rule)) {
        const hidden = hiddenParams(known, [withOnly(rule, condition)])
        for (const name of sensitive.filter((one) => !hidden.includes(one))) {
          const { file, line, column } = condition.at
          const key = [rule.id, file, line, column, name].join(' ')
          if (!found.has(key))
            found.set(key, about(rule, ['sensitive/shown', messageOf(action, name)], { condition }))
        }
      }
  }
  return [...found.values()]
}

/** What one condition reads is what a rule reads that has no other. */
function withOnly(rule: Rule, condition: Condition): Rule {
  return { ...rule, when: condition, unless: null, demand: null, breakGlass: null }
}

function messageOf(action: string, name: string): string {
  return `This reads the parameter \`${name}\` of ${action}, which is sensitive: so it decides the matter, and everybody who is asked is shown its value on the card. Decide by another parameter, or remove \`sensitive\`.`
}
