import type { Delegation } from '../../approvals/delegations/records.ts'
import type { Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { DelegationModel } from '../prisma/models.ts'

export function readDelegations({
  delegation,
}: PrismaClient): Pick<Store, 'delegation' | 'standingDelegations'> {
  return {
    async delegation(account) {
      const row = await delegation.findUnique({ where: { id: account } })
      return row && delegationOf(row)
    },
    async standingDelegations(at) {
      const where = { endedAt: null, until: { gt: at } }
      return (await delegation.findMany({ where, orderBy: { id: 'asc' } })).map(delegationOf)
    },
  }
}

/** As `delegationRow` wrote it. */
function delegationOf({ startedAt, until, endedBy, endedAt, ...row }: DelegationModel): Delegation {
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    until: until.toISOString(),
    ended:
      endedAt === null
        ? null
        : { by: endedBy as NonNullable<Delegation['ended']>['by'], at: endedAt.toISOString() },
  }
}
