import type { Rule } from '../../policy/bundle.ts'
import { everyNode, type Node, pathOf } from '../../policy/conditions/node.ts'
import { stepsOf } from '../../policy/conditions/path.ts'
import type { Probe } from './probe.ts'

/**
 * The same request about the resource that a rule puts together from texts and parameters, as in
 * `resource.id == "warehouse." + params.table`; as it is where no rule does.
 */
export function withComposedId(probe: Probe, { when }: Rule): Probe {
  const nodes = when ? everyNode(when.compiled.tree) : []
  const composed = nodes.flatMap((node) => {
    if (node.kind !== 'call' || node.name !== '_==_') return []
    const [left, right] = node.args
    if (!left || !right) return []
    const sum = pathOf(left) === 'resource.id' ? right : pathOf(right) === 'resource.id' ? left : null
    const id = sum?.kind === 'call' && sum.name === '_+_' ? textOf(sum, probe) : null
    return id === null ? [] : [id]
  })
  const [id] = composed
  if (id === undefined) return probe
  const { action } = probe
  return { ...probe, action: { ...action, resource: { ...action.resource, id } } }
}

function textOf(node: Node, probe: Probe): string | null {
  if (node.kind === 'literal') return typeof node.value === 'string' ? node.value : null
  if (node.kind === 'call' && node.name === '_+_') {
    const parts = node.args.map((part) => textOf(part, probe))
    return parts.includes(null) ? null : parts.join('')
  }
  const path = pathOf(node)
  const [root, name, ...deeper] = path === null ? [] : stepsOf(path)
  if (root !== 'params' || name === undefined || deeper.length > 0) return null
  const value = probe.action.params[name]
  return typeof value === 'string' ? value : null
}
