import type { Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { lineOf } from '../text/spans.ts'
import { type Dialog, dialogOf } from './dialog.ts'

/** A window that only says something. */
export function noteDialog(title: string, says: Text, people: People = new Map()): Dialog {
  return dialogOf(title, [lineOf(people, says)])
}
