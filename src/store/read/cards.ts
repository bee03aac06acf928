import type { Card, Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { CardModel } from '../prisma/models.ts'

export function readCards({ card }: PrismaClient): Pick<Store, 'card' | 'cards' | 'cardAt'> {
  return {
    async card(id) {
      const row = await card.findUnique({ where: { id } })
      return row && cardOf(row)
    },
    async cards(requestId) {
      const rows = await card.findMany({ where: { requestId }, orderBy: { id: 'asc' } })
      return rows.map(cardOf)
    },
    async cardAt(conversation, message) {
      const row = await card.findFirst({ where: { conversation, message }, orderBy: { id: 'desc' } })
      return row && cardOf(row)
    },
  }
}

function cardOf({ requestId: request, status, ...row }: CardModel): Card {
  return { ...row, request, status: status as Card['status'] } // the table's CHECK allows only these
}
