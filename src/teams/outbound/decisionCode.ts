import { objectIn } from '../address.ts'
import type { Connector } from './connector.ts'
import { codeOf } from './refusals.ts'

/**
 * Sends somebody a message in the chat that is theirs alone, with a code that they type, or give to whoever asks, when they agree. What
 * others wrote is shown as it is.
 *
 * @throws Error with Teams' word when it does not take the message
 */
export async function sendDecisionCode(
  connector: Connector,
  { account, lines }: { readonly account: string; readonly lines: readonly string[] },
): Promise<void> {
  const person = objectIn(account)
  if (person === null) throw new Error(`${account} has no chat of their own`)
  try {
    const conversation = await connector.chatWith(person)
    await connector.post(
      { conversation },
      {
        summary: 'A decision about the ledger',
        card: {
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: '1.5',
          msteams: { width: 'Full' },
          body: lines.map((text) => ({
            type: 'RichTextBlock',
            inlines: [{ type: 'TextRun', text: text.slice(0, 2_900) }],
          })),
        },
      },
    )
  } catch (error) {
    throw new Error(`Teams did not take a message to ${account} (${codeOf(error)})`, { cause: error })
  }
}
