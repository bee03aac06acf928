import { ours } from '../../card/span.ts'
import { type Listing, listSections } from '../../channels/listing.ts'
import type { ListPageContent } from '../../channels/listPage.ts'
import { type PartOfList, partText } from '../../channels/lists.ts'
import { actionSet } from '../card/buttons.ts'
import type { Element, SubmitAction } from '../card/elements.ts'
import { rowOf } from '../card/listedRow.ts'
import { heading } from '../text/heading.ts'
import { noteOf } from '../text/spans.ts'
import { type Dialog, dialogOf } from './dialog.ts'

/** The lists with a button to open each request. Each element by itself, so that an end can be left out. */
export function listElements(listing: Listing): readonly (readonly Element[])[] {
  return listSections(listing).flatMap(({ heading: title, says, rows, more }) => [
    [heading(title)],
    ...(says === null ? [] : [[noteOf(new Map(), [ours(says)])]]),
    ...rows.map(({ row, people }) => rowOf(row, people)),
    ...(more === null ? [] : [[noteOf(new Map(), [ours(`and ${more.count} more`)])]]),
  ])
}

/** The same in a window, where more of each can be shown. */
export function listingDialog(listing: Listing): Dialog {
  const parts = listSections(listing).flatMap(({ heading: title, more }) =>
    more === null ? [] : [showing(`More: ${title}`, more.part)],
  )
  return dialogOf('My approvals', [
    ...listElements(listing).flat(),
    ...(parts.length > 0 ? [actionSet(parts)] : []),
  ])
}

/** One page of one list. */
export function listPageDialog({ title, rows, newest, next }: ListPageContent): Dialog {
  const turning = [
    ...(newest ? [showing('Newest', newest)] : []),
    ...(next ? [showing('Next page', next)] : []),
  ]
  return dialogOf(title, [
    ...(rows.length > 0
      ? rows.flatMap(({ row, people }) => rowOf(row, people))
      : [noteOf(new Map(), [ours('There are no more.')])]),
    ...(turning.length > 0 ? [actionSet(turning)] : []),
  ])
}

/** What the button that shows a part of a list asks for. */
export const listButton = 'list'

function showing(title: string, part: PartOfList): SubmitAction {
  return { type: 'Action.Submit', title, data: { open: listButton, value: partText(part) } }
}
