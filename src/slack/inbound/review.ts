import type { ModalView } from '@slack/types'
import type { RequestView } from '../../card/view.ts'
import type { Problem } from '../../core/refusal.ts'
import type { Entered } from '../windows/narrowForms.ts'
import type { ViewOrigin } from '../windows/shell.ts'

/** A window that was sent, before it counts. */
interface Sent extends Entered {
  readonly view: RequestView
  readonly origin: ViewOrigin
}

/** What has to be shown first, or what is wrong with what was written; null where it was shown, and counts. */
export type Review = (
  sent: Sent,
) => { readonly show: ModalView } | { readonly problems: readonly Problem[] } | null
