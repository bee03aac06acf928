import type { EntryRow, RequestRow } from '../evidence.ts'
import { by, ended, endOf, type Law } from './law.ts'

/** Entries that each take one version of the request; those that only tell what else happened take none. */
const versioned = new Set([
  'decision.made',
  'decision.withdrawn',
  'request.expired',
  'request.cancelled',
  'request.escalated',
  'note.written',
  'request.lapsed',
  'request.revoked',
  'request.unreported',
  'grant.issued',
  'grant.redeemed',
  'execution.reported',
  'glass.broken',
  'review.closed',
  'preview.made',
  'preview.missed',
])

/** A request is what its entries say: begun once, one version for each change, ended as the last one says. */
export const everyChangeHasItsEntry: Law = ({ requests, entries }) => {
  const told = by(
    entries.filter(({ request }) => request !== null),
    ({ request }) => request ?? '',
  )
  const known = new Set(requests.map(({ id }) => id))
  return [
    ...requests.flatMap((request) =>
      wrongWith(request, told.get(request.id) ?? []).map((says) => ({ about: request.id, says })),
    ),
    ...[...told.keys()]
      .filter((id) => !known.has(id))
      .map((id) => ({ about: id, says: 'has entries and does not exist' })),
  ]
}

function wrongWith(request: RequestRow, entries: readonly EntryRow[]): readonly string[] {
  const count = (type: string) => entries.filter((one) => one.type === type).length
  const wrong: string[] = []
  if (count('request.submitted') !== 1) wrong.push(`was submitted ${count('request.submitted')} times`)
  const changes = entries.filter(({ type }) => versioned.has(type)).length
  if (request.version !== 1 + changes)
    wrong.push(`is at version ${request.version} after ${changes} entries that change it`)
  const ends = entries.filter(({ type }) => /^request\.(approved|denied|expired|cancelled)$/.test(type))
  const end = endOf(request.state)
  const expected = ended.has(end) ? `request.${end}` : ''
  if (ends.map(({ type }) => type).join(' and ') !== expected)
    wrong.push(
      `is ${request.state}, and its entries say: ${ends.map(({ type }) => type).join(' and ') || 'nothing'}`,
    )
  if ((request.state === 'pending') !== (request.settledAt === null))
    wrong.push(`is ${request.state} and settled at ${request.settledAt}`)
  const made = entries.filter(({ type }) => type === 'decision.made').map((one) => `${one.actor} ${one.kind}`)
  const decided = request.decisions.map((one) => `${one.person} ${one.kind}`)
  if (made.join() !== decided.join())
    wrong.push(`has the decisions [${decided.join(', ')}], and its entries [${made.join(', ')}]`)
  return wrong
}
