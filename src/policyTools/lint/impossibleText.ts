import type { Bundle, Condition, Rule } from '../../policy/bundle.ts'
import { conditionsOf } from '../../policy/bundle.ts'
import { childrenOf, type Node } from '../../policy/conditions/node.ts'
import { valuePath } from '../logic/operand.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'
import { actionForm, type Comparing, givenForms, type TextForm } from './textForm.ts'

/**
 * Written texts that a fact can never be, because of the form that Countersign gives it: a rule that compares the id of an
 * agent with its name never applies, and looks as if it did. Silent where it is not certain, and only for facts whose
 * form is ours; what the loader knows all values of it refuses itself.
 */
export function impossibleTexts({ rules, catalogue }: Bundle): readonly Finding[] {
  const forms = new Map([...givenForms, ['action', actionForm([...catalogue.keys()])] as const])
  return rules.flatMap((rule) =>
    conditionsOf(rule).flatMap((condition) =>
      comparisonsIn(condition.compiled.tree, new Map()).flatMap((one) =>
        impossible(one, { forms, rule, condition }),
      ),
    ),
  )
}

/** A fact and what is written beside it. */
interface Comparison {
  readonly path: string
  readonly how: Comparing
  readonly written: string
  /** Where it is written, in UTF-16 units from the start of the condition. */
  readonly at: number
  readonly isUnlike: boolean
}

function impossible(
  { path, how, written, at, isUnlike }: Comparison,
  within: {
    readonly forms: ReadonlyMap<string, TextForm>
    readonly rule: Rule
    readonly condition: Condition
  },
): readonly Finding[] {
  const { forms, rule, condition } = within
  const form = forms.get(path)
  if (!form || form.can(how, written)) return []
  const verb = { equals: 'be', startsWith: 'start with', endsWith: 'end with', contains: 'contain' }[how]
  const always = isUnlike ? 'always' : 'never'
  const message = `\`${path}\` can never ${verb} "${written}", so this would ${always} be true. ${form.fix(written)}`
  const finding = about(rule, ['fact/impossible-text', message], { condition })
  return [{ ...finding, excerpt: excerptAt(condition.text, at) }]
}

/** The line of the condition that holds the place, and a caret below it. */
function excerptAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const [line = ''] = text.slice(start).split('\n', 1)
  return `${line}\n${' '.repeat(Math.max(0, Math.min(at, text.length) - start))}^`
}

/** What a macro's variable stands for, where its list is written out. */
type Variables = ReadonlyMap<string, readonly Node[]>

function comparisonsIn(node: Node, variables: Variables): readonly Comparison[] {
  if (node.kind === 'macro') {
    const items = node.range.kind === 'list' ? node.range.items : []
    const inside = new Map([...variables, [node.variable, items]])
    const bodies = [node.test, node.step].filter((body) => body !== null)
    return [node.range, ...bodies].flatMap((body) => comparisonsIn(body, inside))
  }
  const own = node.kind === 'call' ? comparisonsOf(node, variables) : []
  return [...own, ...childrenOf(node).flatMap((child) => comparisonsIn(child, variables))]
}

function comparisonsOf(
  { name, target, args }: Extract<Node, { kind: 'call' }>,
  variables: Variables,
): readonly Comparison[] {
  const [left, right] = target ? [target, args[0]] : args
  if (!left || !right) return []
  const pair = (fact: Node, text: Node, given: readonly [Comparing, boolean?]): readonly Comparison[] => {
    const path = factOf(fact)
    if (path === null) return []
    const [how, isUnlike = false] = given
    return textsOf(text, variables).map(({ at, written }) => ({ path, how, written, at, isUnlike }))
  }
  if (name === '_==_' || name === '_!=_') {
    const how = ['equals', name === '_!=_'] as const
    return [...pair(left, right, how), ...pair(right, left, how)]
  }
  if (name === '@in' && right.kind === 'list')
    return right.items.flatMap((item) => [...pair(left, item, ['equals']), ...pair(item, left, ['equals'])])
  if (name === '@in') return pair(right, left, ['equals'])
  if (name === 'matches') return plainPattern(left, right)
  const isHow = name === 'startsWith' || name === 'endsWith' || name === 'contains'
  return isHow ? pair(left, right, [name]) : []
}

/** The path of a fact, also in small letters: the forms that are given have no others. Names of actions may. */
function factOf(node: Node): string | null {
  const path = valuePath(node)
  const [, inSmall] = /^lowerAscii\((.+)\)$/.exec(path ?? '') ?? []
  return inSmall !== undefined && inSmall !== 'action' ? inSmall : path
}

function textsOf(
  node: Node,
  variables: Variables,
): readonly { readonly at: number; readonly written: string }[] {
  const nodes = node.kind === 'ident' ? (variables.get(node.name) ?? []) : [node]
  return nodes.flatMap((one) =>
    one.kind === 'literal' && typeof one.value === 'string' ? [{ at: one.at, written: one.value }] : [],
  )
}

/** A pattern without any special character compares as its anchors say. */
function plainPattern(fact: Node, pattern: Node): readonly Comparison[] {
  const path = factOf(fact)
  if (path === null || pattern.kind !== 'literal') return []
  const [, start, written, end] = /^(\^?)([A-Za-z0-9_@-]+)(\$?)$/.exec(String(pattern.value)) ?? []
  if (written === undefined) return []
  const how = start ? (end ? 'equals' : 'startsWith') : end ? 'endsWith' : 'contains'
  return [{ path, how, written, at: pattern.at, isUnlike: false }]
}
