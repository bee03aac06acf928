import type { Button, KnownBlock } from '@slack/types'
import type { CardButton, CardButtons } from '../../card/buttons.ts'
import { cut } from '../../card/text.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import type { AnyRequest } from '../../core/request.ts'
import { actions, button, plain } from '../text/blocks.ts'

/** The buttons of a card, and its menu. */
export function buttonBlocks(card: string, request: AnyRequest, buttons: CardButtons): KnownBlock[] {
  if (buttons.main.length === 0) return []
  const value = buttonValue({ request: request.id, card })
  const options = buttons.menu.map(({ command, label }) => ({
    text: plain(label),
    value: `${command}|${value}`,
  }))
  // A new block id with each version, as Slack wants it for updated messages.
  return [
    actions(`decide.${request.version}`, [
      ...buttons.main.map((one) => drawButton(one, actionId(one), value)),
      { type: 'overflow', action_id: 'more', options },
    ]),
  ]
}

/** The buttons of the full view. */
export function viewButtonBlocks(value: string, buttons: readonly CardButton[]): KnownBlock[] {
  if (buttons.length === 0) return []
  return [
    actions(
      'decide',
      buttons.map((one) => drawButton(one, `${actionId(one)}_in_view`, value)),
    ),
  ]
}

/** What is pressed, as our handlers know it: approving at once and opening the window for it are two presses. */
export function actionId({ command, window }: CardButton): string {
  return command === 'approve' && window ? 'approve_form' : command
}

export function drawButton({ label, style, confirm }: CardButton, id: string, value: string): Button {
  return {
    ...button(id, label, value),
    ...(style === 'plain' ? {} : { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, 100),
        text: plain(`${cut(confirm.action, 240)}\n${confirm.says}`, 300),
        confirm: plain(confirm.yes, 30),
        deny: plain(confirm.no, 30),
      },
    }),
  }
}
