import type { ModalView } from '@slack/types'
import type { IssuedToken } from '../../approvals/people/personalTokens.ts'
import { shownOnce } from '../../card/personalToken.ts'
import { preformatted } from '../text/blocks.ts'
import { blocksOf } from '../text/spans.ts'
import { label } from './shell.ts'

/** The window that shows a new token, which nothing shows again. */
export function tokenModal({ token, credential }: IssuedToken): ModalView {
  const { title, before, after } = shownOnce(token)
  return {
    type: 'modal',
    callback_id: 'note',
    title: label(title),
    close: label('Close'),
    blocks: [...blocksOf(new Map(), before), preformatted(credential), ...blocksOf(new Map(), after)],
  }
}
