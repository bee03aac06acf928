import type { Bundle, Condition, Rule } from '../../policy/bundle.ts'
import type { ParamType } from '../../policy/catalogue.ts'
import { everyNode, type Node, pathOf } from '../../policy/conditions/node.ts'
import { rootOf } from '../../policy/conditions/path.ts'
import type { RuleLogic } from '../logic/ruleLogic.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that go by the resource, and nothing says that it is what will run: which resource is named is the agent's word, so
 * it can name a harmless one, or one whose owner is a friend, and put the real target into a parameter
 * (docs/policy.md#resourcesyaml). A rule ties them where it compares `resource.id` with a parameter, or both with what it
 * writes out. Silent where no parameter could name anything.
 */
export function untiedResources(bundle: Bundle, logic: readonly RuleLogic[]): readonly Finding[] {
  return logic.flatMap(({ rule, actions }) => {
    const named = actions.find((action) => canName(bundle, action))
    if (named === undefined || isTied(rule)) return []
    if (rule.verdict === 'allow' && (goesByResource(rule) || countsResource(bundle, rule))) {
      const message = `This allows by facts about the resource, and no condition says that it is what ${named} works on: an agent can name a harmless one. Write, for example, resource.id == ${example(bundle, named)} &&.`
      return [about(rule, ['allow/untied-resource', message], { condition: rule.when })]
    }
    if (!rule.demand?.legs.some(({ from }) => from.includes('owner'))) return []
    const message = `The owner of the resource can approve this, and no condition says that the resource is what ${named} works on: an agent can name one of somebody else. Write, for example, resource.id == ${example(bundle, named)} into \`when\`, and another rule without \`owner\` for the rest.${orNamed(bundle, named)}`
    return [about(rule, ['require/untied-owner', message])]
  })
}

/** Whether some parameter of the action is a text, or may be one. */
function canName(bundle: Bundle, action: string): boolean {
  const params = bundle.catalogue.get(action)?.params
  return params === 'open' || (params !== undefined && [...params.values()].some(({ type }) => isText(type)))
}

function isText(type: ParamType): boolean {
  return typeof type === 'object' ? isText(type.list) : type === 'string' || type === 'opaque'
}

function example({ catalogue }: Bundle, action: string): string {
  const params = catalogue.get(action)?.params
  const name =
    params === 'open' ? undefined : [...(params ?? [])].find(([, { type }]) => type === 'string')?.[0]
  return name === undefined ? 'params.…' : `params.${name}`
}

/** What a parameter names is what will run, so rules that go by that, or ask its owner, need nothing else. */
function orNamed({ catalogue }: Bundle, action: string): string {
  const [name] = catalogue.get(action)?.resources?.keys() ?? []
  return name === undefined ? '' : ` Or ask owner(${name}), whom a parameter names.`
}

function conditionsOf({ when, unless }: Rule): readonly Condition[] {
  return [when, unless].filter((condition) => condition !== null)
}

function goesByResource(rule: Rule): boolean {
  return conditionsOf(rule).some(({ compiled }) =>
    [...compiled.refs].some((path) => path !== 'resource' && rootOf(path) === 'resource'),
  )
}

/** Whether it goes by a budget of the resource: who names another has another. */
function countsResource({ budgets }: Bundle, rule: Rule): boolean {
  const refs = conditionsOf(rule).flatMap(({ compiled }) => [...compiled.refs])
  return [...budgets.values()].some(({ name, per }) => per === 'resource' && refs.includes(`budget.${name}`))
}

/** Whether it applies only where the resource and a parameter are the same, or both as they are written out. */
function isTied({ when, unless }: Rule): boolean {
  const sure = (is: Is): boolean =>
    (when !== null && isSure(when.compiled.tree, true, is)) ||
    (unless !== null && isSure(unless.compiled.tree, false, is))
  return sure(isSame) || (sure(isWrittenOut('resource.id')) && sure(isWrittenOut('params')))
}

type Is = (node: Node) => boolean

/** Whether a condition that is true, or with `holds: false` not true, makes certain what is looked for. */
function isSure(node: Node, holds: boolean, is: Is): boolean {
  if (node.kind === 'literal') return node.value !== holds
  if (node.kind === 'and' || node.kind === 'or') {
    const parts = node.parts.map((part) => isSure(part, holds, is))
    return (node.kind === 'and') === holds ? parts.includes(true) : !parts.includes(false)
  }
  if (node.kind !== 'call') return holds && is(node)
  const [first, second, third] = node.args
  if (node.name === '!_' && first) return isSure(first, !holds, is)
  if (node.name === '_?_:_' && second && third) return isSure(second, holds, is) && isSure(third, holds, is)
  if (node.name === '_!=_') return !holds && is({ ...node, name: '_==_' })
  return holds && is(node)
}

/** A comparison of the two, or `params.tables.all(t, t == resource.id)`. */
function isSame(node: Node): boolean {
  if (node.kind === 'macro')
    return node.name === 'all' && saysWhatRuns(node.range) && node.test !== null && isOfResource(node.test)
  return isComparison(node) && isOfResource(node) && saysWhatRuns(node)
}

const isWrittenOut =
  (path: string): Is =>
  (node) =>
    isComparison(node) && mentions(node, path) && partsOf(node).some(isWritten)

type Call = Extract<Node, { readonly kind: 'call' }>

function isComparison(node: Node): node is Call {
  return node.kind === 'call' && ['_==_', '@in', 'matches', 'startsWith', 'endsWith'].includes(node.name)
}

function partsOf({ target, args }: Call): readonly Node[] {
  return target ? [target, ...args] : args
}

function isWritten(node: Node): boolean {
  return node.kind === 'literal' || (node.kind === 'list' && node.items.every(isWritten))
}

function isOfResource(node: Node): boolean {
  return mentions(node, 'resource.id') || mentions(node, 'resource.labels')
}

/** A parameter, or the tool that parameters name. */
function saysWhatRuns(node: Node): boolean {
  return mentions(node, 'params') || mentions(node, 'tool.server') || mentions(node, 'tool.name')
}

/** Whether a part reads a path, or something in it. */
function mentions(node: Node, path: string): boolean {
  return everyNode(node).some((one) => {
    const read = pathOf(one)
    return read !== null && (read === path || read.startsWith(`${path}.`))
  })
}
