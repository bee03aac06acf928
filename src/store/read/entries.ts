import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { PrismaClient } from '../prisma/client.ts'

export function readEntries({
  entry,
}: PrismaClient): Pick<Store, 'entries' | 'entriesAfter' | 'attemptAlarms' | 'refusals' | 'deviations'> {
  return {
    async entries(requestId) {
      const rows = await entry.findMany({
        where: { requestId },
        orderBy: { position: 'asc' },
        select: { text: true },
      })
      return rows.map(entryOf)
    },
    async entriesAfter(requestId, { position, limit }) {
      const rows = await entry.findMany({
        where: { requestId, position: { gt: position } },
        orderBy: { position: 'asc' },
        take: limit,
        select: { text: true, position: true },
      })
      return rows.map((row) => ({ position: Number(row.position), entry: entryOf(row) }))
    },
    async attemptAlarms(requests) {
      const rows = await entry.findMany({
        where: { requestId: { in: [...requests] }, type: 'attempts.alarmed' },
        orderBy: { position: 'asc' },
        select: { text: true },
      })
      return rows.map(entryOf)
    },
    async refusals(since) {
      const rows = await entry.findMany({
        where: { type: 'decision.refused', ts: { gte: since } },
        orderBy: { position: 'asc' },
        select: { text: true },
      })
      return rows.map(entryOf)
    },
    async deviations() {
      const counts = await entry.groupBy({
        by: ['subjectId'],
        where: { type: 'execution.deviated' },
        _count: true,
      })
      return new Map(counts.map(({ subjectId, _count }) => [subjectId, _count]))
    },
  }
}

/** Written by `entryText`, append-only. */
function entryOf({ text }: { readonly text: string }): Entry {
  return JSON.parse(text) as Entry
}
