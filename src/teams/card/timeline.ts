import { openFull } from '../../card/buttons.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { reminderContent } from '../../card/reminder.ts'
import { ours } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import { told } from '../../card/timeline.ts'
import { toldOfLines } from '../../card/toldOfLines.ts'
import type { RequestView } from '../../card/view.ts'
import type { Entry } from '../../ledger/entry.ts'
import { plainOf } from '../text/spans.ts'
import { actionSet, openRequest } from './buttons.ts'
import { type CardMessage, idNote, tellingOf } from './message.ts'

/**
 * Entries for the thread, one after the other, or null when people need not hear of any. Where they do not stand below the card, they say
 * what they are about.
 */
export function tellEntries(
  view: RequestView,
  entries: readonly Entry[],
  isBelow = true,
): CardMessage | null {
  const { people, request } = view
  const found = view.lines
    ? toldOfLines(view.lines, entries)
    : entries.flatMap((entry) => told(view, entry) ?? [])
  if (found.length === 0) return null
  const about = cut(summaryOf(factsOf(request)), 1_000)
  return tellingOf({
    summary: found.map(({ line }) => plainOf(people, line)).join(' · '),
    passages: found.flatMap(({ line, more }) => [{ line }, ...more]),
    people,
    calls: true,
    below: isBelow ? [] : [idNote(`${about} · ${request.id}`)],
  })
}

/** Calls the sets that are still needed. Null when none is. */
export function reminderOf(view: RequestView): CardMessage | null {
  const reminder = reminderContent(view)
  if (!reminder) return null
  const { id } = view.request
  const about = [ours(`${cut(reminder.about, 1_000)} · ${id}`)]
  return tellingOf({
    summary: `${plainOf(view.people, reminder.says)} ${reminder.about} (${id})`,
    passages: [{ line: reminder.says }, { note: about }],
    people: view.people,
    calls: true,
    below: [actionSet([openRequest(openFull.label, id)])],
  })
}
