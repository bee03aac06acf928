import { fieldDeviations, isOfWhole } from '../core/deviation.ts'
import type { Json } from '../core/json.ts'
import type { Fact } from './asking.ts'
import { shownAction } from './masked.ts'
import type { Passage } from './passage.ts'
import { name, ours, say, strong } from './span.ts'
import { cut, prose, revealLine } from './text.ts'
import type { RequestView } from './view.ts'

/* What is asked instead of another request, for which people had asked for changes. The link is the server's. */

/** So many differences stand on a card, one by one. */
const mostDifferences = 8

/** On the card of a revision: that it is one. */
export function revisesFact({ revised }: RequestView): readonly Fact[] {
  return revised ? [{ label: 'Revises', value: say`${ours(revised.id)}, which was cancelled for it` }] : []
}

/** The changes that were asked for last, and what differs. Empty for what revises nothing. */
export function revisionOf({ request, revised }: RequestView): readonly Passage[] {
  if (!revised) return []
  const wanted = revised.notes?.findLast(({ kind }) => kind === 'changes')
  const asked: readonly Passage[] =
    wanted && wanted.by !== 'agent'
      ? [
          { note: say`${strong`${name(wanted.by)} had asked for changes`} of it:` },
          { quote: prose(wanted.text, 300) },
        ]
      : []
  return [...asked, ...differences({ revised, request })]
}

/** What one of both hides is hidden on both sides: a name may have become sensitive since. */
function differences({
  revised,
  request,
}: Required<Pick<RequestView, 'revised' | 'request'>>): readonly Passage[] {
  if (revised.erased || request.erased)
    return [{ note: say`What differs is not known any more: one of both was erased from the record.` }]
  if (revised.digest === request.digest)
    return [{ note: say`${strong`Asks exactly the same`} as what it revises.` }]
  const before = shownAction(revised.action, request.verdict)
  const now = shownAction(request.action, revised.verdict)
  const found = fieldDeviations(before, now).filter((one) => !isOfWhole(one))
  if (found.length === 0)
    return [{ note: say`${strong`Differs`} from what it revises only in what is not shown here.` }]
  const more = found.length - mostDifferences
  const lines = found
    .slice(0, mostDifferences)
    .map(({ pointer, approved, actual }) => `${place(pointer)}: ${side(approved)} → ${side(actual)}`)
  return [
    { note: say`${strong`Differs from what it revises`} in:` },
    { lines },
    ...(more > 0 ? [{ note: say`and ${more} more` }] : []),
  ]
}

/** `/params/rows` as people call it. */
function place(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return cut(revealLine(steps.join('.').replace(/^params\./, '')), 80)
}

/** Numbers in groups of three, everything else as JSON has it. */
function side(value: Json | undefined): string {
  if (value === undefined) return 'not given'
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 6 })
  return cut(revealLine(JSON.stringify(value)), 80)
}
