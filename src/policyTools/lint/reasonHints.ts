import type { ReasonDemand } from '../../core/requirement.ts'
import type { Bundle, Spot } from '../../policy/bundle.ts'
import type { BundleProblem } from '../../policy/problem.ts'

/**
 * Patterns of reasons that nothing puts into words: in an emergency people would be shown a regular expression. For
 * whoever makes a bundle active; one that is active already stays so, thus it is not part of loading.
 */
export function reasonsWithoutHint({ defaults, rules }: Bundle): readonly BundleProblem[] {
  const inDefaults = { file: 'bundle.yaml', line: 1, column: 1 }
  // What a rule takes from the defaults is told there.
  const own = (reason: ReasonDemand | null | undefined): ReasonDemand | null =>
    !reason || isWorded(reason) || same(reason, defaults.reason) ? null : reason
  return [
    ...(defaults.reason && !isWorded(defaults.reason) ? [problem(inDefaults, null, defaults.reason)] : []),
    ...rules.flatMap(({ at, id, demand, breakGlass }) =>
      [own(demand?.reason), own(breakGlass?.reason)].flatMap((reason) =>
        reason ? [problem(at, id, reason)] : [],
      ),
    ),
  ]
}

function isWorded({ patterns, hints }: ReasonDemand): boolean {
  return patterns.every((_, nth) => typeof hints?.[nth] === 'string')
}

function same(reason: ReasonDemand, other: ReasonDemand | null): boolean {
  return JSON.stringify(reason) === JSON.stringify(other)
}

function problem(at: Spot, rule: string | null, { patterns }: ReasonDemand): BundleProblem {
  const message = `The reason has to match ${patterns.join(' and ')}, and people would be shown that: add \`hint\` beside \`pattern\`, in words, such as hint: "Begin with the number of the incident, as in INC-42."`
  return { ...at, rule, code: 'reason/no-hint', message }
}
