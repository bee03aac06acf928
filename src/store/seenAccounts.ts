import type { Pool } from 'pg'
import type { SeenAccounts } from '../approvals/people/seenAccounts.ts'
import type { SeenAccount } from '../approvals/records.ts'
import { Prisma } from './prisma/client.ts'
import type { LinkedAccountModel } from './prisma/models.ts'
import { accountOf } from './read/accounts.ts'
import { columnsOf } from './read/byId.ts'

const columns = 'id, version, address, active'

/** The `SeenAccounts` port on PostgreSQL. */
export function seenAccountsOn(pool: Pool): SeenAccounts {
  return {
    async seenAccount(key) {
      const { rows } = await pool.query<SeenAccount>(`SELECT ${columns} FROM seen_accounts WHERE id = $1`, [
        key,
      ])
      return rows[0] ?? null
    },
    async seenWith(address, but) {
      const { rows } = await pool.query<SeenAccount>(
        `SELECT ${columns} FROM seen_accounts WHERE address = $1 AND id <> $2 ORDER BY id LIMIT 10`,
        [address, but],
      )
      return rows
    },
    async noteSeen({ expected, next: { id, version, address, active } }) {
      const { rowCount } =
        expected === null
          ? await pool.query(
              `INSERT INTO seen_accounts (${columns}) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
              [id, version, address, active],
            )
          : await pool.query(
              'UPDATE seen_accounts SET version = $2, address = $3, active = $4 WHERE id = $1 AND version = $5',
              [id, version, address, active, expected],
            )
      return rowCount === 1
    },
    async accountsAfter(after, limit) {
      const { rows } = await pool.query<LinkedAccountModel>(page, [after ?? '', limit])
      return rows.map(accountOf)
    },
  }
}

/** Without rows of ids that were given up: nobody uses those. */
const page = `
  SELECT ${columnsOf(Prisma.LinkedAccountScalarFieldEnum)} FROM linked_accounts
  WHERE id > $1 AND id NOT LIKE 'person:%' ORDER BY id LIMIT $2`
