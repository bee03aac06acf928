import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { mrkdwn, section } from '../text/blocks.ts'
import { label } from './shell.ts'

/** Callback id of the window in which somebody says that another account is theirs, too. */
export const linkWindow = 'link_account'

/** What the window is about: ours, and signed by Slack when it comes back. */
export const aboutLinking = z.object({ user: z.string() })

/** Says what it takes away before it does: a slip of the finger could only be mended by others. */
export function linkForm(user: string): ModalView {
  return {
    type: 'modal',
    callback_id: linkWindow,
    title: label('Link an account'),
    close: label('Cancel'),
    submit: label('It is mine'),
    private_metadata: JSON.stringify({ user }),
    blocks: [
      section(mrkdwn(`<@${user}> is to count as one person with you. Say so only if that account is yours.`)),
      section(
        mrkdwn(
          '*At once* you have one vote together, and neither account can approve what the other is behind, also in requests that wait. Only others can part them again.',
        ),
      ),
      section(
        mrkdwn(
          '*When you have entered the code* that the app sends to that account, each also has what the other has: agents, tokens, what it may see.',
        ),
      ),
    ],
  }
}
