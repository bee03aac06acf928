import type { PolicyVersion, Store } from '../../approvals/ports.ts'
import type { PrismaClient } from '../prisma/client.ts'

export function readPolicies(prisma: PrismaClient): Pick<Store, 'activePolicy'> {
  return {
    async activePolicy() {
      const active = await prisma.policyActivation.findFirst({ orderBy: { position: 'desc' } })
      const row = active && (await prisma.policyVersion.findUnique({ where: { digest: active.digest } }))
      if (!row) return null
      // Written by `policyRow`, so the shapes are known.
      return {
        digest: row.digest as PolicyVersion['digest'],
        name: row.name,
        files: row.files as PolicyVersion['files'],
      }
    },
  }
}
