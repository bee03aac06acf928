import { z } from 'zod'
import type { ShownRequest } from '../card/facts.ts'
import type { RequestView } from '../card/view.ts'
import { mostMembers } from '../core/set.ts'
import type { ButtonValue } from './buttonValue.ts'

/** Where a window came from, kept in it: ours, and it comes back as the channel's own word. */
export interface ViewOrigin extends ButtonValue {
  readonly page: number
  /** A home is made again after a decision that began there. */
  readonly from: 'card' | 'list' | 'home'
  /** Address of the people whom the window offers to bring in, so that it is those or nobody. */
  readonly to?: string | undefined
  /** Whether what a target says that it would touch was there to be shown: it may have come since. */
  readonly preview?: boolean | undefined
  /** Of a window that has shown what would be left of an action: its digest. */
  readonly left?: string | undefined
}

const request = z.string().regex(/^req_[0-9a-z]{1,60}$/)

const origin = z.object({
  request,
  card: z
    .string()
    .regex(/^crd_[0-9a-z]{1,60}$/)
    .nullable(),
  page: z.number().int().min(0),
  from: z.enum(['card', 'list', 'home']),
  to: z.string().max(600).optional(),
  preview: z.boolean().optional(),
  left: z.string().max(100).optional(),
  together: z.array(request).min(1).max(mostMembers).optional(),
  note: z
    .string()
    .regex(/^note_[0-9a-z]{1,60}$/)
    .optional(),
})

export function originText(origin: ViewOrigin): string {
  return JSON.stringify({
    request: origin.request,
    card: origin.card,
    page: origin.page,
    from: origin.from,
    to: origin.to,
    preview: origin.preview,
    left: origin.left,
    together: origin.together,
    note: origin.note,
  })
}

/** Null when the text was not made by `originText`. */
export function readOrigin(text: string): ViewOrigin | null {
  try {
    return origin.parse(JSON.parse(text))
  } catch {
    return null
  }
}

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
