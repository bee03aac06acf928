import type { Button, KnownBlock, ModalView } from '@slack/types'
import type { WindowContent } from '../../card/reading/window.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import { type MenuChoice, type OpenedWindow, readingWindow } from '../../channels/read.ts'
import { viewButtonBlocks } from '../card/buttons.ts'
import { titleBlock } from '../card/card.ts'
import type { SlackContext } from '../context.ts'
import { actions, button } from '../text/blocks.ts'
import { blocksOf } from '../text/spans.ts'
import { shell } from './shell.ts'

/** The full request, or why, or who, or its history; for people who may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function makeRequestModal(
  slack: SlackContext,
  user: string,
  show: { readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<ModalView> {
  return readingModal(await readingWindow(slack.ports, slack.address(user), show))
}

const callbacks = { full: 'full', history: 'history', why: 'note', who: 'note' } as const

export function readingModal({ choice, content, origin }: OpenedWindow): ModalView {
  const { title, heading, passages, people } = content
  return {
    ...shell(title, origin),
    callback_id: callbacks[choice],
    blocks: [
      ...(heading ? [titleBlock(heading)] : []),
      ...blocksOf(people, passages),
      ...pressable(content, origin),
    ],
  }
}

/** What turns its pages, what decides, and what leads on. */
function pressable({ page, pages, buttons, leadsTo }: WindowContent, origin: ViewOrigin): KnownBlock[] {
  const turning = turningButtons(page, pages)
  if (leadsTo === 'full') {
    const value = buttonValue({ request: origin.request, card: origin.card })
    return [actions(`turn.${page}`, [...turning, button('view_full', 'Full request', value)])]
  }
  const value = buttonValue(origin)
  return [
    ...(turning.length > 0 ? [actions(`turn.${page}`, turning)] : []),
    ...viewButtonBlocks(value, buttons),
    ...(leadsTo === 'history' ? [actions('history', [button('view_history', 'History', value)])] : []),
  ]
}

/** What turns the pages of a window: each carries the page that it shows. */
function turningButtons(page: number, pages: number): readonly Button[] {
  const back = page > 0 ? [button('turn_back', 'Back', String(page - 1))] : []
  const next =
    page < pages - 1
      ? [{ ...button('turn_next', 'Next page', String(page + 1)), style: 'primary' as const }]
      : []
  return [...back, ...next]
}
