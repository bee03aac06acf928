import { listedRows } from '../../card/listing.ts'
import { ours } from '../../card/span.ts'
import { headingOf, type Listing, type ListName, lists, nothingIn } from '../../channels/listing.ts'
import type { Element } from '../card/elements.ts'
import { rowOf } from '../card/listedRow.ts'
import { heading } from '../text/heading.ts'
import { noteOf } from '../text/spans.ts'
import { type Dialog, dialogOf } from './dialog.ts'

const names = Object.keys(lists) as readonly ListName[] // the table's own keys

/** The lists with a button to open each request. What is rare shows only when there is some. Each element by itself, so that an end can be left out. */
export function listElements(listing: Listing): readonly (readonly Element[])[] {
  return names.flatMap((list) => {
    const { count, views } = listing[list]
    const nothing = nothingIn[list]
    if (count === 0 && nothing === null) return []
    const rows = listedRows(views, listing.now).map((row, nth) => rowOf(row, views[nth]?.people ?? new Map()))
    const more = count - views.length
    return [
      [heading(headingOf[list])],
      ...(count === 0 ? [[noteOf(new Map(), [ours(nothing ?? '')])]] : rows),
      ...(more > 0
        ? [[noteOf(new Map(), [ours(`and ${more} more: they come up when these are done`)])]]
        : []),
    ]
  })
}

export function listingDialog(listing: Listing): Dialog {
  return dialogOf('My approvals', listElements(listing).flat())
}
