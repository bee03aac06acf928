import { type Bundle, conditionsOf } from '../../policy/bundle.ts'
import { hiddenParams, readsParam } from '../../policy/hidden.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Sensitive parameters that people are shown all the same, because a rule about the action reads them: told once for each rule and
 * condition, with the first action of which that is so.
 */
export function shownSensitive({ catalogue, candidates }: Bundle): readonly Finding[] {
  const found = new Map<string, Finding>()
  for (const [action, known] of catalogue) {
    if (known.params === 'open') continue
    // Whoever only observes decides nothing, and shows nothing.
    const rules = (candidates.get(action) ?? []).filter(({ mode }) => mode !== 'observe')
    const hidden = hiddenParams(known, rules)
    const shown = [...known.params].flatMap(([name, { sensitive }]) =>
      sensitive && !hidden.includes(name) ? [name] : [],
    )
    for (const rule of rules)
      for (const condition of conditionsOf(rule))
        for (const name of shown.filter((one) => readsParam(condition, one))) {
          const { file, line, column } = condition.at
          const key = [rule.id, file, line, column, name].join(' ')
          if (!found.has(key))
            found.set(key, about(rule, ['sensitive/shown', messageOf(action, name)], { condition }))
        }
  }
  return [...found.values()]
}

function messageOf(action: string, name: string): string {
  return `This reads \`params.${name}\` of ${action}, which is sensitive: so it decides the matter, and everybody who is asked is shown its value on the card. Decide by another parameter, or remove \`sensitive\`.`
}
