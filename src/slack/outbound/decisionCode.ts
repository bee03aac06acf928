import type { WebClient } from '@slack/web-api'
import { directTo } from '../place.ts'
import { slackFault } from './fault.ts'
import { noUnfurls } from './posting.ts'

/**
 * Sends somebody a direct message with a code that they type, or give to whoever asks, when they agree. Plain text throughout: what
 * others wrote is shown as it is.
 *
 * @throws Error with Slack's word when it does not take the message
 */
export async function sendDecisionCode(
  client: WebClient,
  { account, lines }: { readonly account: string; readonly lines: readonly string[] },
): Promise<void> {
  const channel = directTo(account)
  if (channel === null) throw new Error(`${account} has no direct messages`)
  const blocks = lines.map((text) => ({
    type: 'section' as const,
    text: { type: 'plain_text' as const, text: text.slice(0, 2_900), emoji: false },
  }))
  try {
    await client.chat.postMessage({ channel, text: 'A decision about the ledger', blocks, ...noUnfurls })
  } catch (error) {
    throw new Error(`Slack did not take a message to ${account} (${slackFault(error).code})`, {
      cause: error,
    })
  }
}
