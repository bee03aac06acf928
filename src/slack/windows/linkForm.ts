import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { asTyped, idIn } from '../address.ts'
import { mrkdwn, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { label } from './shell.ts'

/** Callback id of the window in which somebody says that another account is theirs, too. */
export const linkWindow = 'link_account'

/** What the window is about, by its address: ours, and signed by Slack when it comes back. */
export const aboutLinking = z.object({ other: z.string() })

/** A mention; of an account of another workspace, which cannot be mentioned here, the address. */
export function accountSaid(address: string, team: string | null): string {
  const id = idIn(team, address)
  return id === null ? inline(asTyped(address), 80) : `<@${id}>`
}

/** Says what it takes away before it does: a slip of the finger could only be mended by others. */
export function linkForm(other: string, team: string | null): ModalView {
  return {
    type: 'modal',
    callback_id: linkWindow,
    title: label('Link an account'),
    close: label('Cancel'),
    submit: label('It is mine'),
    private_metadata: JSON.stringify({ other }),
    blocks: [
      section(
        mrkdwn(
          `${accountSaid(other, team)} is to count as one person with you. Say so only if that account is yours.`,
        ),
      ),
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
