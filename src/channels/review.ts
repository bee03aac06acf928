import type { Entered, FormContent } from '../card/forms/form.ts'
import type { RequestView } from '../card/view.ts'
import type { Problem } from '../core/refusal.ts'
import type { ViewOrigin } from './origin.ts'

/** A window that was sent, before it counts. */
interface Sent extends Entered {
  readonly view: RequestView
  readonly origin: ViewOrigin
}

/** What has to be shown first, or what is wrong with what was written; null where it was shown, and counts. */
export type Review = (
  sent: Sent,
) => { readonly show: FormContent } | { readonly problems: readonly Problem[] } | null
