import type { KnownBlock } from '@slack/types'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'

/** Bolt's `respond`, as we use it: posts to the payload's `response_url`. */
export type Respond = (message: {
  readonly response_type: 'ephemeral'
  readonly replace_original: false
  readonly text: string
  readonly blocks?: KnownBlock[]
}) => Promise<unknown>

/**
 * Tells one person something privately: beside what they clicked, or, when that fails, in a direct message. Never
 * rejects; if both fail, the card still tells the truth.
 */
export async function tellPrivately(
  slack: SlackContext,
  to: { readonly user: string; readonly respond: Respond | null },
  message: { readonly text: string; readonly blocks?: KnownBlock[] },
): Promise<void> {
  try {
    if (!to.respond) throw new Error('there is no place beside the click')
    await to.respond({ response_type: 'ephemeral', replace_original: false, ...message })
  } catch {
    await directMessage(slack, to.user, message)
  }
}

async function directMessage(
  slack: SlackContext,
  user: string,
  message: { readonly text: string; readonly blocks?: KnownBlock[] },
): Promise<void> {
  try {
    await slack.clicks.chat.postMessage({
      channel: user,
      unfurl_links: false,
      unfurl_media: false,
      ...message,
    })
  } catch (error) {
    slack.log.warn({ code: slackFault(error).code }, 'somebody could not be told what became of their click')
  }
}
