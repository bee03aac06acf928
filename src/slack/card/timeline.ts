import { reminderContent } from '../../card/reminder.ts'
import { cut } from '../../card/text.ts'
import { told } from '../../card/timeline.ts'
import { toldOfLines } from '../../card/toldOfLines.ts'
import type { RequestView } from '../../card/view.ts'
import type { Entry } from '../../ledger/entry.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf, mrkdwnOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** Entries for the thread, one after the other, or null when people need not hear of any. */
export function tellEntries(view: RequestView, entries: readonly Entry[]): CardMessage | null {
  const { people } = view
  const found = view.lines
    ? toldOfLines(view.lines, entries)
    : entries.flatMap((entry) => told(view, entry) ?? [])
  if (found.length === 0) return null
  return {
    text: found.map(({ line }) => mrkdwnOf(people, line)).join('\n'),
    blocks: found.flatMap(({ line, more }) => blocksOf(people, [{ line }, ...more])),
  }
}

/** Mentions the sets that are still needed, with a link to the card. Null when none is. */
export function reminderOf(view: RequestView, link: string | null): CardMessage | null {
  const reminder = reminderContent(view)
  if (!reminder) return null
  const { id } = view.request
  const says = `${mrkdwnOf(view.people, reminder.says)}${link === null ? '' : ` ${link}`}`
  return {
    text: `${says} ${inlineShown(reminder.about, 1_000)} (${id})`,
    blocks: [section(mrkdwn(says)), context(plain(`${cut(reminder.about, 1_000)} · ${id}`))],
  }
}
