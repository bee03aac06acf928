import { everyNode, type Node, pathOf } from './conditions/node.ts'
import { isWithin } from './conditions/path.ts'
import type { RuleShape } from './format/ruleSchema.ts'
import type { Path } from './format/source.ts'
import type { Fault } from './problem.ts'

/** Where a condition stands in its rule: what of its truth makes the rule say more. */
export type Place = 'when' | 'unless' | 'confirm' | 'break_glass'

/**
 * What is wrong with a condition that goes by what the run has read; null where nothing is, or it does not. Such facts only tighten
 * (docs/policy.md#what-a-run-has-read): the more a run has read, the more may be asked or denied, and never less. Otherwise an agent
 * could get something allowed by reading more, or by being let read it.
 */
export function runFault(
  tree: Node,
  about: {
    readonly place: Place
    readonly verdict: RuleShape['verdict']
    readonly hasWindow: boolean
    readonly path: Path
  },
): Fault | null {
  const { place, verdict, hasWindow, path } = about
  if (!readsRun(tree)) return null
  if (!hasWindow) {
    const message =
      'This goes by what the run has read, and nothing says for how long that counts: add `run: {window: 1h}` to bundle.yaml.'
    return { path, code: 'run/no-window', message }
  }
  const message = whyLoosens(tree, { place, verdict })
  return message === null ? null : { path, code: 'run/loosens', message }
}

function whyLoosens(
  tree: Node,
  { place, verdict }: { readonly place: Place; readonly verdict: RuleShape['verdict'] },
) {
  if (verdict === 'allow')
    return 'What the run has read cannot make a rule allow: what an agent reads is what others may have written for it. Write another rule that asks or denies, with this condition; it counts beside this one.'
  if (place !== 'when' && place !== 'unless')
    return 'What the run has read can only be asked for in `when` and `unless` of a rule that asks or denies.'
  return grows(tree, place === 'when')
    ? null
    : `This could apply to less the more the run has read. Ask ${place === 'when' ? '' : 'for the contrary '}whether it has read something, as in ${place === 'when' ? '' : '!('}"restricted" in run.sensitivities${place === 'when' ? '' : ')'} or run.labels.exists(l, l == "contains=personal-data").`
}

/** Whether reading more can only make the node true, or with `up: false` only make it false. */
function grows(node: Node, up: boolean): boolean {
  if (!readsRun(node)) return true
  if (node.kind === 'and' || node.kind === 'or') return node.parts.every((part) => grows(part, up))
  if (node.kind === 'call' && node.name === '!_' && node.args[0]) return grows(node.args[0], !up)
  if (node.kind === 'call' && node.name === '_?_:_') {
    const [which, ...either] = node.args
    return which !== undefined && !readsRun(which) && either.every((one) => grows(one, up))
  }
  return up && asksWhether(node)
}

/** `x in run.…`, and `run.….exists(one, …)`: true for good once something is read. */
function asksWhether(node: Node): boolean {
  if (node.kind === 'macro')
    return node.name === 'exists' && isRead(node.range) && node.test !== null && !readsRun(node.test)
  if (node.kind !== 'call' || node.name !== '@in') return false
  const [item, list] = node.args
  return item !== undefined && list !== undefined && !readsRun(item) && isRead(list)
}

function isRead(node: Node): boolean {
  const path = pathOf(node)
  return path === 'run.sensitivities' || path === 'run.labels'
}

function readsRun(node: Node): boolean {
  return everyNode(node).some((one) => pathOf(one) === 'run')
}

/** Whether paths that a condition reads are about the run. */
export function goesByRun(refs: ReadonlySet<string>): boolean {
  return [...refs].some((path) => path === 'run' || isWithin(path, 'run'))
}
