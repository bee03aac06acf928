import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { LinkedAccount } from '../../approvals/records.ts'
import { Prisma } from '../prisma/client.ts'
import type { LinkedAccountModel } from '../prisma/models.ts'
import { columnsOf, rowsById } from './byId.ts'
import { keptPlan } from './keptPlan.ts'

export function readAccounts(
  pool: Pool,
): Pick<Store, 'account' | 'accounts' | 'accountsOf' | 'accountsAround'> {
  const from = { table: 'linked_accounts', fields: Prisma.LinkedAccountScalarFieldEnum }
  const byId = rowsById<LinkedAccountModel>(pool, from)
  const byPerson = rowsById<LinkedAccountModel>(pool, { ...from, by: 'person' })
  const readAround = keptPlan<LinkedAccountModel>(pool, { name: 'accounts around', text: around })
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
    async accountsAround(people, accounts) {
      return (await readAround([people, accounts])).map(accountOf)
    },
  }
}

/** A person's own id is the id of a row where it stands for somebody else: `formerPerson`. */
const around = `
  WITH named AS MATERIALIZED (
    SELECT unnest($1::text[]) AS person UNION SELECT person FROM linked_accounts WHERE id = ANY($2::text[])
  ),
  people AS MATERIALIZED (
    SELECT person FROM named
    UNION SELECT person FROM linked_accounts WHERE id = ANY(ARRAY(SELECT 'person:' || person FROM named))
  )
  SELECT ${columnsOf(Prisma.LinkedAccountScalarFieldEnum)} FROM linked_accounts
  WHERE id = ANY(ARRAY(
    SELECT id FROM linked_accounts WHERE person = ANY(ARRAY(SELECT person FROM people))
    UNION SELECT id FROM linked_accounts WHERE id = ANY(ARRAY(SELECT 'person:' || person FROM people))))
  ORDER BY id`

/** Written by `accountRow`, so the shapes are known. */
function accountOf({ name, joined, parted, ...row }: LinkedAccountModel): LinkedAccount {
  return {
    ...row,
    name: String(name),
    joined: joined as unknown as LinkedAccount['joined'],
    parted: parted as unknown as LinkedAccount['parted'],
  }
}
