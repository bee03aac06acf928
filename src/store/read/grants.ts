import type { Resource, SigningKey } from '../../approvals/grants/records.ts'
import type { Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { ResourceModel, SigningKeyModel } from '../prisma/models.ts'

type Reads = Pick<Store, 'signingKeys' | 'resource' | 'resources'>

export function readGrants({ signingKey, resource }: PrismaClient): Reads {
  return {
    async signingKeys() {
      const rows = await signingKey.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
      return rows.map(signingKeyOf)
    },
    async resource(idOrName) {
      const rows = await resource.findMany({ where: { OR: [{ id: idOrName }, { name: idOrName }] } })
      const row = rows.find((one) => one.id === idOrName) ?? rows[0]
      return row ? resourceOf(row) : null
    },
    async resources() {
      const rows = await resource.findMany({ orderBy: { name: 'asc' } })
      return rows.map(resourceOf)
    },
  }
}

/** As `signingKeyRow` wrote it. */
function signingKeyOf({ status, publicJwk, createdAt, since, ...row }: SigningKeyModel): SigningKey {
  return {
    ...row,
    status: status as SigningKey['status'], // the table's CHECK allows only these
    publicJwk: publicJwk as SigningKey['publicJwk'],
    createdAt: createdAt.toISOString(),
    since: since.toISOString(),
  }
}

/** As `resourceRow` wrote it. */
function resourceOf({ status, earlier, createdBy, createdAt, ...row }: ResourceModel): Resource {
  return {
    ...row,
    earlier: earlier as unknown as Resource['earlier'],
    status: status as Resource['status'], // the table's CHECK allows only these
    createdBy: createdBy as unknown as Resource['createdBy'],
    createdAt: createdAt.toISOString(),
  }
}
