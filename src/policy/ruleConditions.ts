import type { Condition } from './bundle.ts'
import { actionsFitting } from './candidates.ts'
import { commentIn } from './conditions/comment.ts'
import { type Variant, variantsOf } from './conditions/declarations.ts'
import type { Compiled, ConditionEngine, Want } from './conditions/engine.ts'
import { budgetsOf } from './declaredBudgets.ts'
import type { BundleFiles, ShapedRule } from './format/read.ts'
import type { Path } from './format/source.ts'
import type { BundleProblem } from './problem.ts'

/** Every condition of one rule, ready to be evaluated. */
interface RuleConditions {
  readonly when: Condition | null
  readonly unless: Condition | null
  readonly confirm: readonly Condition[]
  readonly breakGlassWhen: Condition | null
}

export interface CompiledRules {
  readonly of: ReadonlyMap<ShapedRule, RuleConditions>
  readonly problems: readonly BundleProblem[]
}

/**
 * Compiles the conditions of every rule against the actions that the rule can match. `unless` may read what `when` has
 * shown to be there, since it is only evaluated when `when` is true; what is typed and the emergency path come after both.
 */
export function compileRules(read: BundleFiles, engine: ConditionEngine): CompiledRules {
  const problems: BundleProblem[] = []
  const of = new Map<ShapedRule, RuleConditions>()
  const { bundle, catalogue } = read
  if (bundle === null || catalogue === null) return { of, problems }
  const { windows, environments = null, directory } = bundle.shape
  const people = [...directory].flatMap(([name, address]) => ('people' in address ? [name] : []))
  const budgets = [...budgetsOf(bundle.shape.budgets, catalogue.shape.actions).values()]
  const vocabulary = { windows: [...(windows?.keys() ?? [])], environments, people, budgets }
  for (const rule of read.rules) {
    const variants = variantsOf(
      actionsFitting(rule.shape.match, catalogue.shape.actions),
      catalogue.shape.actions,
      vocabulary,
    )
    of.set(rule, conditionsOf({ rule, engine, variants, problems }))
  }
  return { of, problems }
}

interface Compiling {
  readonly rule: ShapedRule
  readonly engine: ConditionEngine
  readonly variants: readonly Variant[]
  readonly problems: BundleProblem[]
}

function conditionsOf(compiling: Compiling): RuleConditions {
  const { shape } = compiling.rule
  const at = (path: Path, text: string | undefined, how: { known: ReadonlySet<string>; want?: Want }) =>
    text === undefined
      ? null
      : compileOne(compiling, { path, text, known: how.known, want: how.want ?? 'bool' })

  const when = at(['when'], shape.when, { known: none })
  const shown = implied(when, 'whenTrue')
  const unless = at(['unless'], shape.unless, { known: shown })
  const known = new Set([...shown, ...implied(unless, 'whenFalse')])
  const typed = at(['require', 'confirm', 'value'], shape.require?.confirm?.value, { known, want: 'string' })
  const breakGlassWhen = at(['break_glass', 'when'], shape.break_glass?.when, { known })
  return { when, unless, confirm: typed ? [typed] : [], breakGlassWhen }
}

const none: ReadonlySet<string> = new Set()

function implied(condition: Condition | null, when: keyof Compiled['implies']): ReadonlySet<string> {
  return condition?.compiled.implies[when] ?? none
}

function compileOne(
  { rule, engine, variants, problems }: Compiling,
  { path, text, known, want }: { path: Path; text: string; known: ReadonlySet<string>; want: Want },
): Condition | null {
  if (variants.length === 0) return null // a rule that matches nothing is refused for that
  const { source, index, shape } = rule
  const place = (at: { line: number; column: number }) => ({
    file: source.file,
    ...source.within([index, ...path], at),
  })
  const comment = source.keepsLines([index, ...path]) ? null : commentIn(text)
  if (comment !== null) {
    problems.push({
      ...place(positionOf(text, comment)),
      rule: shape.id,
      code: 'cel/syntax',
      message: swallows,
    })
    return null
  }
  const result = engine.compile(text, { variants, known }, want)
  if (result.ok) {
    const lead = text.length - text.trimStart().length
    return { text: text.trim(), lead, compiled: result.compiled, at: place({ line: 1, column: 1 }) }
  }
  for (const { code, message, line, column, excerpt } of result.diagnostics) {
    problems.push({ ...place({ line, column }), rule: shape.id, code, message, excerpt })
  }
  return null
}

/** YAML folds the lines of other styles into one, and then what stands below a comment belongs to the comment. */
const swallows =
  'A comment can swallow the lines below it here: write the condition as a block (when: |), or remove the comment.'

function positionOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
