import type { KnownBlock } from '@slack/types'
import type { ListedRow } from '../../card/listing.ts'
import { cut } from '../../card/text.ts'
import type { People } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import { button, context, plain } from '../text/blocks.ts'
import { elementOf } from '../text/spans.ts'

/** Two blocks for one request, with a button that opens it. */
export function rowBlocksOf({ summary, state, about, request }: ListedRow, people: People): KnownBlock[] {
  const open = button('open', 'Open', buttonValue({ request, card: null }))
  return [
    { type: 'section' as const, text: plain(cut(summary, 500)), accessory: open },
    context(elementOf(people, state), elementOf(people, about), plain(request)),
  ]
}
