import { digestOf } from '../core/digest.ts'
import { isSettled } from '../core/lifecycle.ts'
import { notesOn } from '../core/note.ts'
import type { CurrentRequest } from '../core/request.ts'
import { type Around, nothingAround } from './around.ts'
import { withNotes } from './notesInTag.ts'
import { entityTag, headersOf, presentRequest } from './presentRequest.ts'
import type { SetBody } from './requestSchema.ts'

/** Where a set lives. */
export function addressOfSet(id: string, baseUrl: string): string {
  return `${baseUrl}/v1/sets/${id}`
}

/** What every answer that shows a set carries. Its tag changes with that of each of its requests. */
export function setHeaders(
  requests: readonly CurrentRequest[],
  around: readonly Around[],
): Record<string, string> & { readonly etag: string } {
  const tags = requests.map((one, nth) => entityTag(one, around[nth] ?? nothingAround))
  const digest = digestOf('countersign/set/v1', { tags })
  const waiting = requests.findIndex(({ state }) => !isSettled(state))
  const [one, its] = [requests[waiting], around[waiting] ?? nothingAround]
  const { etag: _, ...more } = one ? headersOf(one, its) : {}
  const tag = digest.slice('sha256:'.length, 'sha256:'.length + 24)
  return { ...more, etag: withNotes(tag, notesOn(requests)) }
}

export function presentSet(
  id: string,
  requests: readonly CurrentRequest[],
  { around, baseUrl }: { readonly around: readonly Around[]; readonly baseUrl: string },
): SetBody {
  return {
    id,
    requests: requests.map((one, nth) => presentRequest(one, baseUrl, around[nth] ?? nothingAround)),
    links: { self: addressOfSet(id, baseUrl) },
  }
}
