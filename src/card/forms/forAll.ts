import type { ReasonDemand } from '../../core/requirement.ts'
import { factsOf, summaryOf } from '../facts.ts'
import type { Passage } from '../passage.ts'
import { say, shown } from '../span.ts'
import type { People, RequestView } from '../view.ts'
import { denialFields, proseField, reasonField, typedFields } from './fields.ts'
import type { FormContent } from './form.ts'

// The windows for several lines of a card. The card shows each line whole; here they are named again.

/** `asks`: what an approval of all of them has to bring. */
export function approveAllForm(
  views: readonly RequestView[],
  asks: { readonly reason: ReasonDemand | null; readonly confirm: readonly string[] },
): FormContent {
  const reason = asks.reason && {
    name: reasonField,
    label: say`Why may these go ahead?`,
    hint: say`Recorded with your name, and shown in the thread.`,
    demand: asks.reason,
  }
  return {
    title: 'Approve these',
    submit: 'Approve',
    passages: theActions(views),
    fields: [...(reason ? [proseField(reason)] : []), ...typedFields(asks.confirm)],
    ...ofAll(views),
  }
}

export function denyAllForm(views: readonly RequestView[]): FormContent {
  return {
    title: 'Deny these',
    submit: 'Deny',
    passages: theActions(views),
    fields: denialFields(),
    ...ofAll(views),
  }
}

/** What is asked several times stands there once. */
function theActions(views: readonly RequestView[]): readonly Passage[] {
  const all = views.map(({ request }) => summaryOf(factsOf(request)))
  return [...new Set(all)].map((one) => {
    const times = all.filter((other) => other === one).length
    return { line: times > 1 ? say`${times} times: ${shown(one, 2_900)}` : [shown(one, 3_000)] }
  })
}

function ofAll(views: readonly RequestView[]): Pick<FormContent, 'about' | 'people'> {
  const people: People = new Map(views.flatMap((view) => [...view.people]))
  return { about: views.map(({ request }) => request.id).join(' · '), people }
}
