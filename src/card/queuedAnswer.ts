import { factsOf, summaryOf } from './facts.ts'
import { cut } from './text.ts'
import type { RequestView } from './view.ts'

/** What was queued and has ended: the end is said below it. */
export interface QueuedContent {
  readonly about: string
  /** Revealed, not cut. */
  readonly notification: string
}

export function queuedContent({ request }: Pick<RequestView, 'request'>): QueuedContent {
  const summary = summaryOf(factsOf(request))
  return {
    about: `What you did about this was queued, and has ended: ${cut(summary, 1_000)}`,
    notification: `What you did was queued, and has ended: ${summary}`,
  }
}
