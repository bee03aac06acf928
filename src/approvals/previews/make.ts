import type { Preview } from '../../core/preview.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { carrierOf } from '../../core/set.ts'
import { within } from '../../lifetime/limit.ts'
import { linesOf } from '../cards/lines.ts'
import type { Job } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Estimated, Previewer } from './previewer.ts'
import { previewerFor, previewPatienceMs, previewsUntil } from './wanted.ts'

/** That there is none, and why, for the operator's log. */
export interface NotMade {
  readonly target: string
  readonly because: string
}

/**
 * Asks what a request would touch, before its first card goes out, and brings the card forward. Asked once: what comes of it stands. It is
 * written only while nobody has done anything with the request, so it takes nothing from a vote, and nobody's vote is for something else than
 * they were shown. Safe to run again.
 *
 * Resolves to null when it was made, or is not wanted any more.
 */
export async function makePreview(ports: Ports, id: string): Promise<NotMade | null> {
  const request = await ports.store.request(id)
  const previewer = request && previewerFor(ports, request)
  if (!request || !previewer) return null
  const left = Math.min(previewsUntil(request.createdAt) - ports.clock().getTime(), previewPatienceMs)
  // Its card is on its way without one.
  if (left <= 0) return null
  const answer = await askAt(previewer, request, left)
  const about = { target: previewer.target, at: ports.clock().toISOString() }
  const jobs = await bringForward(ports, request)
  if ('rows' in answer) {
    await keep(ports, request, { preview: { kind: 'made', ...answer, ...about }, jobs })
    return null
  }
  await keep(ports, request, { preview: { kind: 'none', why: answer.why, ...about }, jobs })
  return { target: previewer.target, because: answer.because }
}

/** The card goes out as soon as nothing more is expected of the targets of all that it asks about. */
async function bringForward(ports: Ports, request: ActionRequest): Promise<readonly Job[]> {
  const others = (await linesOf(ports, request)).filter(({ id }) => id !== request.id)
  if (others.some((one) => previewerFor(ports, one) !== null)) return []
  return [{ task: 'announce', request: carrierOf(request) }]
}

/** Its time is over: the card that goes out now says that there is none. */
export async function missPreview(
  ports: Ports,
  request: ActionRequest,
  { target }: Previewer,
): Promise<void> {
  const preview: Preview = { kind: 'none', why: 'no_answer', target, at: ports.clock().toISOString() }
  await keep(ports, request, { preview, jobs: [] })
}

interface NoAnswer {
  readonly why: 'no_answer' | 'refused'
  readonly because: string
}

/** Whatever a target does, there is an answer in time. */
async function askAt(
  previewer: Previewer,
  { action }: ActionRequest,
  leftMs: number,
): Promise<Estimated | NoAnswer> {
  try {
    const { tables, rows } = await within(leftMs, `a preview at ${previewer.target}`, () =>
      previewer.preview(action),
    )
    if (Number.isSafeInteger(rows) && rows >= 0 && tables.length > 0) return { tables, rows }
    return { why: 'no_answer', because: 'an answer that is no estimate' }
  } catch (fault) {
    const because = fault instanceof Error ? `${fault.name}: ${fault.message}` : 'no answer'
    return { why: fault instanceof Refusal ? 'refused' : 'no_answer', because }
  }
}

/** Where somebody has done something with it in this moment, or its card goes out, nothing is written, and that stands. */
async function keep(
  ports: Ports,
  request: ActionRequest,
  { preview, jobs }: { readonly preview: Preview; readonly jobs: readonly Job[] },
): Promise<void> {
  const { kind, target } = preview
  const next: ActionRequest = { ...request, version: request.version + 1, preview }
  const entry = requestEntry(ports, next, {
    type: kind === 'made' ? 'preview.made' : 'preview.missed',
    actor: { kind: 'system', id: target, via: 'preview' },
    data: { target, ...(kind === 'none' && { why: preview.why }) },
    // What was said of the target's tables can be erased.
    ...(kind === 'made' && { kept: { preview: { tables: [...preview.tables], rows: preview.rows } } }),
  })
  await ports.store.commit({ request: { expected: request.version, next }, entries: [entry], jobs })
}
