import { viewButtons } from '../buttons.ts'
import { linesOfConsequence } from '../consequence.ts'
import { cardContent } from '../content.ts'
import { declaredIn, factsWith } from '../declared.ts'
import { factsOf, type ShownRequest } from '../facts.ts'
import { aroundPassages } from '../grounds.ts'
import { titleOf } from '../titles.ts'
import type { RequestView } from '../view.ts'
import { pagesOf } from './pages.ts'
import type { WindowContent } from './window.ts'

/** The whole action, in pages, and everything known around it. What decides stands on the last page only. */
export function fullContent(view: RequestView, wanted: number): WindowContent {
  const { request, people } = view
  const facts = factsWith(request, declaredIn(request, view.rollbacks))
  const content = cardContent(view)
  const pages = pagesOf(facts.drawn.text)
  const page = Math.min(Math.max(wanted, 0), pages.length - 1)
  const last = page === pages.length - 1
  return {
    title: 'Full request',
    heading: titleOf(request, facts, view.held),
    passages: [
      { consequence: linesOfConsequence(content.consequence) },
      { aside: `Page ${page + 1} of ${pages.length} · ${request.id}` },
      ...(pages[page] ?? []).map((text) => ({ lines: [text] })),
      ...(content.oddities.length > 0 ? [{ notes: content.oddities }] : []),
      ...(last ? aroundPassages(view) : []),
      ...(last && content.onApproval ? [{ note: content.onApproval }] : []),
    ],
    page,
    pages: pages.length,
    buttons: last ? viewButtons(request, facts, view.held) : [],
    leadsTo: last ? 'history' : null,
    people,
  }
}

/** The number of pages that the full view of this request has; what is shown with its rollback is on one. */
export function pageCount(request: ShownRequest): number {
  return pagesOf(factsOf(request).drawn.text).length
}
