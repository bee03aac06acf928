import type { Bundle, Condition, Rule } from '../../policy/bundle.ts'
import { celEngine } from '../../policy/conditions/cel.ts'
import { variantsOf } from '../../policy/conditions/declarations.ts'
import { everyNode } from '../../policy/conditions/node.ts'

/** A bundle with one small mistake in one rule: tests that all pass on it as well would not have noticed. */
export interface Mutant {
  readonly rule: string
  /** What was done, for a reader: `> as >= in params.rows > 1000`. */
  readonly what: string
  readonly file: string
  readonly line: number
  readonly bundle: Bundle
}

/**
 * The mutants of one rule (docs/policy-tests.md): without the rule, without its exception, each comparison with or without
 * its edge, each leg away or one person smaller.
 */
export function mutantsOf(bundle: Bundle, rule: Rule): readonly Mutant[] {
  const mutant = (what: string, changed: Rule | null, line = rule.at.line): Mutant => ({
    rule: rule.id,
    what,
    file: rule.at.file,
    line,
    bundle: withRule(bundle, { rule, changed }),
  })
  const exception = rule.unless ? [mutant('`unless` removed', { ...rule, unless: null })] : []
  const edges = (['when', 'unless'] as const).flatMap((name) => {
    const condition = rule[name]
    return condition === null
      ? []
      : edgesOf(bundle, { rule, name, condition }).map(({ what, changed, line }) =>
          mutant(what, changed, line),
        )
  })
  return [mutant('the rule removed', null), ...exception, ...edges, ...legMutants(rule, mutant)]
}

/** Who is asked shows only where the rule is enforced. */
function legMutants(rule: Rule, mutant: (what: string, changed: Rule) => Mutant): readonly Mutant[] {
  const { demand, mode } = rule
  if (demand === null || mode === 'observe') return []
  return demand.legs.flatMap((leg) => {
    const without = { ...demand, legs: demand.legs.filter((one) => one !== leg) }
    const smaller = {
      ...demand,
      legs: demand.legs.map((one) => (one === leg ? { ...leg, count: leg.count - 1 } : one)),
    }
    const cut = mutant(`leg "${leg.name}" removed`, { ...rule, demand: without })
    return leg.count === 1
      ? [cut]
      : [
          cut,
          mutant(`leg "${leg.name}" asks ${leg.count - 1} instead of ${leg.count}`, {
            ...rule,
            demand: smaller,
          }),
        ]
  })
}

function withRule(
  bundle: Bundle,
  { rule, changed }: { readonly rule: Rule; readonly changed: Rule | null },
): Bundle {
  const replaced = (rules: readonly Rule[]): readonly Rule[] =>
    rules.flatMap((one) => (one.id === rule.id ? (changed ?? []) : one))
  const candidates = new Map([...bundle.candidates].map(([action, rules]) => [action, replaced(rules)]))
  return { ...bundle, rules: replaced(bundle.rules), candidates }
}

interface Place {
  readonly rule: Rule
  readonly name: 'when' | 'unless'
  readonly condition: Condition
}

const flipped: Readonly<Record<string, string>> = { '>': '>=', '>=': '>', '<': '<=', '<=': '<' }

function edgesOf(bundle: Bundle, { rule, name, condition }: Place) {
  const engine = celEngine()
  const actions = [...bundle.candidates].flatMap(([action, rules]) =>
    rules.some(({ id }) => id === rule.id) ? [action] : [],
  )
  const variants = variantsOf(actions, bundle.catalogue, {
    windows: bundle.windows.keys(),
    environments: bundle.environments,
    people: [...bundle.people.keys()],
    budgets: [...bundle.budgets.values()],
  })
  const known = name === 'unless' && rule.when ? rule.when.compiled.implies.whenTrue : new Set<string>()
  const compile = (text: string) => engine.compile(text, { variants, known }, 'bool')
  const original = compile(condition.text)
  const nodes = original.ok ? everyNode(original.compiled.tree) : []
  return nodes.flatMap((node) => {
    if (node.kind !== 'call' || !/^_[<>]=?_$/.test(node.name)) return []
    const [written = '', operator = ''] = /^\s*([<>]=?)/.exec(condition.text.slice(node.at)) ?? []
    const instead = flipped[operator]
    if (instead === undefined) return []
    const [before, after] = [condition.text.slice(0, node.at), condition.text.slice(node.at + written.length)]
    const result = compile(`${before} ${instead} ${after}`)
    if (!result.ok) return []
    const line = condition.at.line + before.split('\n').length - 1
    const shown = `${before.split('\n').at(-1)?.trim() ?? ''} ${operator} ${after.split('\n')[0]?.trim() ?? ''}`
    const changed: Rule = { ...rule, [name]: { ...condition, compiled: result.compiled } }
    return [{ what: `\`${operator}\` as \`${instead}\` in ${shown.trim()}`, changed, line }]
  })
}
