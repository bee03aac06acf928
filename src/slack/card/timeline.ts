import { reminderContent } from '../../card/reminder.ts'
import { cut } from '../../card/text.ts'
import { told } from '../../card/timeline.ts'
import type { RequestView } from '../../card/view.ts'
import type { Entry } from '../../ledger/entry.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf, mrkdwnOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** One entry for the thread, or null when people need not hear of it. */
export function tellEntry(view: RequestView, entry: Entry): CardMessage | null {
  const found = told(view, entry)
  if (!found) return null
  const { people } = view
  const text = mrkdwnOf(people, found.line)
  return { text, blocks: blocksOf(people, [{ line: found.line }, ...found.more]) }
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
