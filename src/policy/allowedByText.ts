import { actionsFitting } from './candidates.ts'
import type { CatalogueAction } from './catalogue.ts'
import { isWithin, pathTo } from './conditions/path.ts'
import type { BundleFiles } from './format/read.ts'
import { type BundleProblem, problemAt } from './problem.ts'
import { readers } from './readers/readers.ts'
import type { CompiledRules } from './ruleConditions.ts'

/** The facts of a text that nobody here executes, and the first of them that a condition reads. */
export function unboundPath(
  refs: ReadonlySet<string>,
  actions: readonly string[],
  catalogue: ReadonlyMap<string, Pick<CatalogueAction, 'params'>>,
): string | null {
  const roots = new Set(
    actions.flatMap((action) => {
      const params = catalogue.get(action)?.params ?? 'open'
      if (params === 'open') return []
      return [...params].flatMap(([name, { reads }]) =>
        reads !== undefined && readers[reads].onlyTightens ? [pathTo('read', name)] : [],
      )
    }),
  )
  if (roots.size === 0) return null
  const paths = [...refs].sort()
  const whole = paths.includes('read') && !paths.some((path) => isWithin(path, 'read'))
  const within = paths.filter((path) => [...roots].some((root) => path === root || isWithin(path, root)))
  return within.at(-1) ?? (whole ? 'read' : null)
}

/**
 * Rules that allow by facts of a text that nobody here executes (a plan, manifests): the agent sends it, and it need not be what
 * will run. `unless` counts like `when`, because there the same facts let it flow by not being so. Rules that ask or deny may
 * go by them: a text that is sent can only make more people be asked.
 */
export function allowedByText(
  { rules, catalogue }: BundleFiles,
  { of }: CompiledRules,
): readonly BundleProblem[] {
  if (catalogue === null) return []
  const { actions } = catalogue.shape
  return rules.flatMap((rule) => {
    const { verdict, match } = rule.shape
    if (verdict !== 'allow') return []
    const fitting = actionsFitting(match, actions)
    return (['when', 'unless'] as const).flatMap((name) => {
      const refs = of.get(rule)?.[name]?.compiled.refs
      const path = refs ? unboundPath(refs, fitting, actions) : null
      if (path === null) return []
      const message = `This allows by \`${path}\`, a fact of a text that nobody here executes: an agent can send one that says so and do something else. Allow by other facts, and add a rule that asks or denies where the text says what must not run by itself.`
      return [problemAt(rule.source, { path: [rule.index, name], code: 'rule/allow-by-text', message })]
    })
  })
}
