import type { LinkedAccount, Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { LinkedAccountModel } from '../prisma/models.ts'

export function readAccounts({
  linkedAccount,
}: PrismaClient): Pick<Store, 'account' | 'accounts' | 'accountsOf'> {
  return {
    async account(id) {
      const row = await linkedAccount.findUnique({ where: { id } })
      return row && accountOf(row)
    },
    async accounts(keys) {
      const rows = await linkedAccount.findMany({ where: { id: { in: [...keys] } }, orderBy: { id: 'asc' } })
      return rows.map(accountOf)
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
