import { linesOfConsequence } from '../consequence.ts'
import { cardContent } from '../content.ts'
import { factsOf, summaryOf } from '../facts.ts'
import type { Passage } from '../passage.ts'
import { ours, shown } from '../span.ts'
import type { RequestView } from '../view.ts'

/** The action in one sentence. */
export function theSummary({ request }: RequestView): Passage {
  return { line: [shown(summaryOf(factsOf(request)), 3_000)] }
}

/** What the card says first, and all of the action where there is room; otherwise its full view was the way here. */
export function theAction(view: RequestView): readonly Passage[] {
  const facts = factsOf(view.request)
  const { consequence, asks, facts: others, besides, oddities } = cardContent(view)
  return [
    theSummary(view),
    { consequence: linesOfConsequence(consequence) },
    { notes: [...asks, ...others, ...besides].map(({ label, value }) => [ours(`${label}: `), ...value]) },
    ...(facts.fits && facts.drawn.parameters.length > 0 ? [{ lines: facts.drawn.parameters }] : []),
    ...(oddities.length > 0 ? [{ notes: oddities }] : []),
  ]
}
