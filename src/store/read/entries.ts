import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { PrismaClient } from '../prisma/client.ts'

export function readEntries({ entry }: PrismaClient): Pick<Store, 'entries'> {
  return {
    async entries(requestId) {
      const rows = await entry.findMany({
        where: { requestId },
        orderBy: { position: 'asc' },
        select: { text: true },
      })
      return rows.map(({ text }) => JSON.parse(text) as Entry) // written by `entryText`, append-only
    },
  }
}
