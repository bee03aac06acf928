import type { Lease } from '../../approvals/leases/records.ts'
import type { Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { LeaseModel } from '../prisma/models.ts'
import { pageOf } from './page.ts'

export function readLeases({ lease }: PrismaClient): Pick<Store, 'lease' | 'leases'> {
  return {
    async lease(id) {
      const row = await lease.findUnique({ where: { id } })
      return row && leaseOf(row)
    },
    async leases({ states, request, ...page }) {
      const { where, ...order } = pageOf(page)
      const only = {
        ...where,
        ...(states && { state: { in: [...states] } }),
        ...(request !== undefined && { requestId: request }),
      }
      return (await lease.findMany({ where: only, ...order })).map(leaseOf)
    },
  }
}

/** As `leaseRow` wrote it. */
function leaseOf(row: LeaseModel): Lease {
  const { requestId, state, about, createdAt, expiresAt, endedAt, ending, ...same } = row
  return {
    ...same,
    request: requestId,
    state: state as Lease['state'], // the table's CHECK allows only these
    about: about as Lease['about'],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    ending: ending as Lease['ending'],
  }
}
