import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { LinkedAccount } from '../../approvals/records.ts'
import { Prisma } from '../prisma/client.ts'
import type { LinkedAccountModel } from '../prisma/models.ts'
import { rowsById } from './byId.ts'

export function readAccounts(pool: Pool): Pick<Store, 'account' | 'accounts' | 'accountsOf'> {
  const from = { table: 'linked_accounts', fields: Prisma.LinkedAccountScalarFieldEnum }
  const byId = rowsById<LinkedAccountModel>(pool, from)
  const byPerson = rowsById<LinkedAccountModel>(pool, { ...from, by: 'person' })
  return {
    async account(id) {
      const [row] = await byId([id])
      return row ? accountOf(row) : null
    },
    async accounts(keys) {
      return (await byId(keys)).map(accountOf)
    },
    async accountsOf(...people) {
      return (await byPerson(people)).map(accountOf)
    },
  }
}

/** Written by `accountRow`, so the shapes are known. */
function accountOf({ name, joined, parted, ...row }: LinkedAccountModel): LinkedAccount {
  return {
    ...row,
    name: String(name),
    joined: joined as unknown as LinkedAccount['joined'],
    parted: parted as unknown as LinkedAccount['parted'],
  }
}
