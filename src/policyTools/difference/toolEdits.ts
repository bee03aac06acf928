import type { Bundle } from '../../policy/bundle.ts'
import type { CataloguedTool } from '../../policy/mcp/reviewedTool.ts'
import type { Comparison } from './comparison.ts'

/**
 * Edits of mcp/*.yaml that can weaken: a sentence for each tool. What becomes reviewed may be allowed, what is no longer reviewed is no
 * longer asked or denied by what it does, and what a review says anew may be either. Silent where no rule goes by tools.
 */
export function toolEdits({ base, head }: Pick<Comparison, 'base' | 'head'>): readonly string[] {
  if (!base.reads.has('tool') && !head.reads.has('tool')) return []
  const [from, to] = [reviewedIn(base), reviewedIn(head)]
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((key) => {
    const [old, now] = [from.get(key), to.get(key)]
    const what = now === undefined ? '' : `${now.effect}, ${now.outside ? 'reaches outside' : 'stays inside'}`
    if (old === undefined) return [`The tool ${key} is reviewed now (${what}): rules may allow it.`]
    if (now === undefined)
      return [
        `The tool ${key} is no longer reviewed: rules that ask or deny by what it does no longer apply.`,
      ]
    return old.written === now.written
      ? []
      : [`The tool ${key} has another review (${what}): rules may allow more of its calls.`]
  })
}

function reviewedIn({ servers }: Bundle): ReadonlyMap<string, CataloguedTool> {
  return new Map(
    [...servers].flatMap(([server, tools]) =>
      [...tools.values()].flatMap((tool) =>
        tool.reviewed ? [[`${JSON.stringify(tool.name)} of ${server}`, tool] as const] : [],
      ),
    ),
  )
}
