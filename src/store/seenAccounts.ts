import type { Pool } from 'pg'
import type { SeenAccounts } from '../approvals/people/seenAccounts.ts'
import type { SeenAccount } from '../approvals/records.ts'

const columns = 'id, version, address, active, other, doubted, due_at'

/** The `SeenAccounts` port on PostgreSQL. */
export function seenAccountsOn(pool: Pool): SeenAccounts {
  const read = async (text: string, values: readonly unknown[]) =>
    (await pool.query<Row>(text, [...values])).rows.map(seenOf)
  return {
    async seenAccount(key) {
      const [found] = await read(`SELECT ${columns} FROM seen_accounts WHERE id = $1`, [key])
      return found ?? null
    },
    seenWith: (address, but) =>
      read(
        `SELECT ${columns} FROM seen_accounts WHERE address = $1 AND id <> $2 AND active ORDER BY id LIMIT 10`,
        [address, but],
      ),
    async noteSeen({ expected, next: { id, version, address, active, other, doubted, dueAt } }) {
      const values = [id, version, address, active, other, doubted, dueAt]
      const { rowCount } =
        expected === null
          ? await pool.query(
              `INSERT INTO seen_accounts (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
              values,
            )
          : await pool.query(
              `UPDATE seen_accounts SET version = $2, address = $3, active = $4, other = $5, doubted = $6, due_at = $7
               WHERE id = $1 AND version = $8`,
              [...values, expected],
            )
      return rowCount === 1
    },
    async accountsToLookAt(now, limit) {
      const { rows } = await pool.query<{ id: string }>(toLookAt, [now, limit])
      return rows.map(({ id }) => id)
    },
  }
}

/** Without rows of ids that were given up: nobody uses those. */
const toLookAt = `
  (SELECT l.id FROM linked_accounts l
   WHERE l.id NOT LIKE 'person:%' AND NOT EXISTS (SELECT FROM seen_accounts s WHERE s.id = l.id)
   ORDER BY l.id LIMIT $2)
  UNION ALL
  (SELECT id FROM seen_accounts WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2)
  LIMIT $2`

type Row = Omit<SeenAccount, 'dueAt'> & { readonly due_at: Date }

function seenOf({ due_at, ...row }: Row): SeenAccount {
  return { ...row, dueAt: due_at.toISOString() }
}
