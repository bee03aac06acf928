import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { LinkedAccount } from '../../approvals/records.ts'
import { Prisma, type PrismaClient } from '../prisma/client.ts'
import type { LinkedAccountModel } from '../prisma/models.ts'
import { rowsById } from './byId.ts'

export function readAccounts(
  { linkedAccount }: PrismaClient,
  pool: Pool,
): Pick<Store, 'account' | 'accounts' | 'accountsOf'> {
  const byId = rowsById<LinkedAccountModel>(pool, 'linked_accounts', Prisma.LinkedAccountScalarFieldEnum)
  return {
    async account(id) {
      const [row] = await byId([id])
      return row ? accountOf(row) : null
    },
    async accounts(keys) {
      return (await byId(keys)).map(accountOf)
    },
    async accountsOf(person) {
      const rows = await linkedAccount.findMany({ where: { person }, orderBy: { id: 'asc' } })
      return rows.map(accountOf)
    },
  }
}

function accountOf({ name, ...row }: LinkedAccountModel): LinkedAccount {
  return { ...row, name: String(name) }
}
