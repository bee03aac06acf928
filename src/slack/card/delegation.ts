import { declinedText, delegationContent, type ToldDelegation } from '../../card/delegation.ts'
import type { Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { delegationButtons } from '../../channels/delegations.ts'
import { actions, button, header } from '../text/blocks.ts'
import { blocksOf, mrkdwnOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** What one of the two people hears of a delegation. */
export function delegationMessage(about: ToldDelegation, people: People): CardMessage {
  const { title, passages, asks } = delegationContent(about)
  const { delegation_decline } = delegationButtons
  const lines = passages.flatMap((one) => ('line' in one ? [one.line] : []))
  const decline = button('delegation_decline', delegation_decline, about.delegation)
  return {
    // What a notification shows.
    text: `${title}. ${lines.map((line) => mrkdwnOf(people, line)).join(' ')}`,
    blocks: [
      header(title),
      ...blocksOf(people, passages),
      ...(asks ? [actions(`delegation.${about.delegation}`, [decline])] : []),
    ],
  }
}

/** The message in which somebody has declined: it asks no more. */
export function declinedMessage(about: Parameters<typeof declinedText>[0], people: People): CardMessage {
  const text: Text = declinedText(about)
  return { text: mrkdwnOf(people, text), blocks: blocksOf(people, [{ line: text }]) }
}
