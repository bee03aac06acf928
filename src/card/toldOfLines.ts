import type { Entry } from '../ledger/entry.ts'
import { say, strong, type Text } from './span.ts'
import { told } from './timeline.ts'
import { numbers } from './together.ts'
import type { Told } from './told.ts'
import type { RequestView } from './view.ts'

/** What the thread of a card with several lines hears: of which lines, and what happened several times once. */
export function toldOfLines(lines: readonly RequestView[], entries: readonly Entry[]): readonly Told[] {
  const said = new Map<string, { readonly one: Told; readonly of: number[] }>()
  for (const entry of entries) {
    const at = lineOf(lines, entry)
    const view = lines[at]
    const one = view && told(view, entry)
    if (!one) continue
    const key = JSON.stringify(one)
    const group = said.get(key) ?? { one, of: [] }
    if (!group.of.includes(at + 1)) group.of.push(at + 1)
    said.set(key, group)
  }
  return [...said.values()].map(({ one, of }) => ({ ...one, line: prefixed(of, one.line) }))
}

/** What people need to hear of an entry under this card; null when nothing. */
export function toldUnder(view: RequestView, entry: Entry): Told | null {
  const { lines = [view] } = view
  const about = lines.length === 1 ? view : lines[lineOf(lines, entry)]
  return about ? told(about, entry) : null
}

/** The line that an entry is about: its own request, or one that undoes it. */
function lineOf(lines: readonly RequestView[], entry: Entry): number {
  return lines.findIndex(
    ({ request, rollbacks = [] }) =>
      request.id === entry.request || rollbacks.some(({ id }) => id === entry.request),
  )
}

function prefixed(lines: readonly number[], line: Text): Text {
  return say`${strong`${numbers(lines)}`} · ${line}`
}
