import type { ShownRequest } from '../../card/facts.ts'
import type { RequestView } from '../../card/view.ts'
import type { ViewOrigin } from './shell.ts'

/** The origin of a window that shows this view. */
export function showing(view: RequestView, origin: ViewOrigin): ViewOrigin {
  return { ...origin, ...(view.request.preview && { preview: true }) }
}

/**
 * A request as a window showed it: one that was opened before the preview was there has not shown it, whatever is known by now
 * (threats: what-you-see). Cards need no such care: none goes out before that is settled.
 */
export function shownIn(
  origin: ViewOrigin,
  { action, digest, salt, verdict, preview, agent, run }: ShownRequest,
): ShownRequest {
  return {
    action,
    digest,
    ...(salt !== undefined && { salt }),
    verdict,
    agent,
    run,
    ...(origin.preview && preview && { preview }),
  }
}
