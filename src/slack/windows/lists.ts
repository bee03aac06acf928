import type { Button, KnownBlock } from '@slack/types'
import { listedRows } from '../../card/listing.ts'
import type { RequestView } from '../../card/view.ts'
import { type ListName, lists } from '../../channels/listing.ts'
import { rowBlocksOf } from '../card/listedRow.ts'
import { button } from '../text/blocks.ts'

/** Two blocks for each request, with a button that opens it. `now` is in milliseconds. */
export function rowBlocks(views: readonly RequestView[], now: number): KnownBlock[] {
  const listed = listedRows(views, now)
  return views.flatMap(({ people }, nth) => {
    const row = listed[nth]
    return row ? rowBlocksOf(row, people) : []
  })
}

/** Which part of which list: what comes after one request, or its beginning. */
export interface PartOfList {
  readonly list: ListName
  readonly before: string | null
}

/** A button that shows a part of a list. */
export function partButton(actionId: string, label: string, { list, before }: PartOfList): Button {
  return button(actionId, label, `${list}|${before ?? ''}`)
}

/** Null when the text is of no button like that. */
export function readPart(text: string): PartOfList | null {
  const [list = '', before = ''] = text.split('|')
  if (!isList(list) || !/^(req_[0-9a-z]{1,60})?$/.test(before)) return null
  return { list, before: before || null }
}

function isList(name: string): name is ListName {
  return Object.hasOwn(lists, name)
}
