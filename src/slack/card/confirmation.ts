import type { KnownBlock } from '@slack/types'
import { type ConfirmationContent, confirmationContent, disownedContent } from '../../card/confirmation.ts'
import { confirmationButtons } from '../../channels/claims.ts'
import type { Asked, Confirmation } from '../../core/confirmation.ts'
import { actions, button, header } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** The message that asks one person, or says what became of it. */
export function confirmationMessage(
  mine: Asked,
  confirmation: Confirmation,
  code: string | null = null,
): CardMessage {
  const content = confirmationContent(mine, confirmation, code)
  return {
    text: textOf(content),
    blocks: [...drawn(content), ...buttons(content, confirmation)],
  }
}

/** The alarm when it was not them. */
export function disownedMessage(confirmation: Confirmation): CardMessage {
  const content = disownedContent(confirmation)
  return { text: textOf(content), blocks: drawn(content) }
}

function drawn({ title, passages }: ConfirmationContent): KnownBlock[] {
  // Nobody is mentioned in it: those who are named are named by what was recorded.
  return [header(title), ...blocksOf(new Map(), passages)]
}

function buttons({ asks, byCode }: ConfirmationContent, { id, version }: Confirmation): KnownBlock[] {
  if (!asks) return []
  const { confirm_claim, disown_claim } = confirmationButtons
  const confirm = { ...button('confirm_claim', confirm_claim, id), style: 'primary' } as const
  const disown = { ...button('disown_claim', disown_claim, id), style: 'danger' } as const
  return [actions(`claim.${version}`, byCode ? [disown] : [confirm, disown])]
}

function textOf({ notification }: ConfirmationContent): string {
  return inlineShown(notification, 1_000)
}
