import { type ConfirmationContent, confirmationContent, disownedContent } from '../../card/confirmation.ts'
import { confirmationButtons } from '../../channels/claims.ts'
import type { Asked, Confirmation } from '../../core/confirmation.ts'
import { actionSet } from './buttons.ts'
import type { Element, ExecuteAction } from './elements.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** The message that asks one person, or says what became of it. */
export function confirmationMessage(
  mine: Asked,
  confirmation: Confirmation,
  code: string | null = null,
): CardMessage {
  const content = confirmationContent(mine, confirmation, code)
  const { title, passages, notification } = content
  return tellingOf({ summary: notification, title, passages, below: buttons(content, confirmation) })
}

/** The alarm when it was not them. Those who are named are named by what was recorded. */
export function disownedMessage(confirmation: Confirmation): CardMessage {
  const { title, passages, notification } = disownedContent(confirmation)
  return tellingOf({ summary: notification, title, passages })
}

function buttons({ asks, byCode }: ConfirmationContent, { id }: Confirmation): readonly Element[] {
  if (!asks) return []
  const confirm = { ...execute('confirm_claim', id), style: 'positive' } as const
  const disown = { ...execute('disown_claim', id), style: 'destructive' } as const
  return [actionSet(byCode ? [disown] : [confirm, disown])]
}

function execute(verb: keyof typeof confirmationButtons, value: string): ExecuteAction {
  return { type: 'Action.Execute', title: confirmationButtons[verb], verb, data: { value } }
}
