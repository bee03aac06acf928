import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import { Prisma, type PrismaClient } from '../prisma/client.ts'
import type { CardModel } from '../prisma/models.ts'
import { rowsById } from './byId.ts'

export function readCards({ card }: PrismaClient, pool: Pool): Pick<Store, 'card' | 'cards' | 'cardAt'> {
  const byId = rowsById<CardModel>(pool, { table: 'cards', fields: Prisma.CardScalarFieldEnum })
  return {
    async card(id) {
      const [row] = await byId([id])
      return row ? cardOf(row) : null
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

export function cardOf({ requestId: request, status, spared, ...row }: CardModel): Card {
  return {
    ...row,
    request,
    status: status as Card['status'], // the table's CHECK allows only these
    ...(spared !== null && { spared: spared as Card['spared'] & object }), // as `cardRow` wrote it
  }
}
