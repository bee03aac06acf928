import { declinedText, delegationContent, type ToldDelegation } from '../../card/delegation.ts'
import type { People } from '../../card/view.ts'
import { delegationButtons } from '../../channels/delegations.ts'
import { plainOf } from '../text/spans.ts'
import { actionSet } from './buttons.ts'
import { type CardMessage, tellingOf } from './message.ts'

/** What one of the two people hears of a delegation. */
export function delegationMessage(about: ToldDelegation, people: People): CardMessage {
  const { title, passages, asks } = delegationContent(about)
  const lines = passages.flatMap((one) => ('line' in one ? [plainOf(people, one.line)] : []))
  const decline = {
    type: 'Action.Execute',
    title: delegationButtons.delegation_decline,
    verb: 'delegation_decline',
    data: { value: about.delegation },
  } as const
  return tellingOf({
    summary: `${title}. ${lines.join(' ')}`,
    title,
    passages,
    people,
    below: asks ? [actionSet([decline])] : [],
  })
}

/** The message in which somebody has declined: it asks no more. */
export function declinedMessage(about: Parameters<typeof declinedText>[0], people: People): CardMessage {
  const line = declinedText(about)
  return tellingOf({ summary: plainOf(people, line), passages: [{ line }], people })
}
