import type { Source } from '../core/requirement.ts'
import { calling, listed, naming, onCallFor, say, type Text } from './span.ts'
import type { RequestView, Spared } from './view.ts'

/** A view as a message shows it that must not call everybody. */
export function withSpared(view: RequestView, spared: Spared | undefined): RequestView {
  if (!spared) return view
  const { lines } = view
  return { ...view, spared, ...(lines && { lines: lines.map((line) => ({ ...line, spared })) }) }
}

/** People whom a message must spare, named, with those of them who are called instead; null of whom it may call. */
export function sparedText({ spared }: Pick<RequestView, 'spared'>, source: Source): Text | null {
  const instead = spared?.[source.address]
  if (!instead) return null
  const who = source.kind === 'oncall' ? onCallFor(source) : naming([source])
  if (instead.length === 0) return say`${who} (mentioned often enough today)`
  const people = instead.map((address) => calling([{ ref: source.ref, kind: 'account', address }]))
  return say`${who} (${listed(people)}; others were mentioned often enough today)`
}
