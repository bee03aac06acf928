import { recordedOf } from '../../card/recorded.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { Previewer } from './previewer.ts'

/** Milliseconds from the asking, after which its card goes out without one. */
export const previewPatienceMs = 3_000

/**
 * Who says what a request would touch, while that can still be said: people are asked, what it names is in the inventory, and nobody has done
 * anything with it. Null for everything else, above all for what policy allows or denies.
 */
export function previewerFor(
  { previewers }: Pick<Ports, 'previewers'>,
  request: ActionRequest,
): Previewer | null {
  const { state, version, verdict, action, decisions } = request
  if (state !== 'pending' || version !== 1 || decisions.length > 0 || verdict.kind !== 'require_approval')
    return null
  const { sensitivity } = recordedOf(request)
  if (sensitivity === null || sensitivity === 'unknown') return null
  return previewers.find((one) => one.previews(action)) ?? null
}

/**
 * The first card of a new request: at once, or after its preview. Whoever makes the preview brings the card forward; should nobody,
 * it goes out in time all the same. `lines` are all that the card asks about.
 */
export function firstCardJobs(
  ports: Pick<Ports, 'previewers'>,
  { id, createdAt, ...request }: ActionRequest,
  lines: readonly ActionRequest[],
): readonly Job[] {
  const shown = lines.length > 0 ? lines : [{ id, createdAt, ...request }]
  const previews = shown.flatMap((one): readonly Job[] => {
    const previewer = previewerFor(ports, one)
    return previewer ? [{ task: 'preview', request: one.id, queue: queueOf(previewer, one.id) }] : []
  })
  if (previews.length === 0) return [{ task: 'announce', request: id }]
  return [
    ...previews,
    { task: 'announce', request: id, at: new Date(previewsUntil(createdAt)).toISOString() },
  ]
}

/** Milliseconds since the epoch. */
export function previewsUntil(createdAt: string): number {
  return Date.parse(createdAt) + previewPatienceMs
}

/** The jobs of one queue are done one after the other, on all replicas together, so two are two at once; none holds a hand while it waits. */
function queueOf({ target }: Previewer, request: string): string {
  return `preview ${target} ${(request.codePointAt(request.length - 1) ?? 0) % 2}`
}
