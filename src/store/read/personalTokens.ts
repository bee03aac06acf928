import type { Store } from '../../approvals/ports.ts'
import type { PersonalToken } from '../../approvals/records.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { PersonalTokenModel } from '../prisma/models.ts'
import { pageOf } from './page.ts'

type Reads = Pick<Store, 'personalToken' | 'personalTokensOf' | 'personalTokens'>

/** More than anybody has. */
const enough = 100

export function readPersonalTokens({ personalToken }: PrismaClient): Reads {
  return {
    async personalToken(id) {
      const row = await personalToken.findUnique({ where: { id } })
      return row && tokenOf(row)
    },
    async personalTokensOf(accounts, at) {
      const rows = await personalToken.findMany({
        where: { account: { in: [...accounts] }, status: 'active', endsAt: { gt: at } },
        orderBy: { id: 'desc' },
        take: enough,
      })
      return rows.map(tokenOf)
    },
    async personalTokens(page) {
      return (await personalToken.findMany(pageOf(page))).map(tokenOf)
    },
  }
}

function tokenOf({ status, createdAt, endsAt, usedAt, ...row }: PersonalTokenModel): PersonalToken {
  return {
    ...row,
    status: status as PersonalToken['status'], // the table's CHECK allows only these
    createdAt: createdAt.toISOString(),
    endsAt: endsAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
  }
}
