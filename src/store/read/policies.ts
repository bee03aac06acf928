import type { PolicyVersion, Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { PrismaClient } from '../prisma/client.ts'

type Reads = Pick<Store, 'activePolicy' | 'policyVersion' | 'policyEntries'>

export function readPolicies({ policyActivation, policyVersion, entry }: PrismaClient): Reads {
  const version = async (digest: string): Promise<PolicyVersion | null> => {
    const row = await policyVersion.findUnique({ where: { digest } })
    if (!row) return null
    // Written by `policyRow`, so the shapes are known.
    return {
      digest: row.digest as PolicyVersion['digest'],
      name: row.name,
      files: row.files as PolicyVersion['files'],
    }
  }
  return {
    async activePolicy() {
      const active = await policyActivation.findFirst({ orderBy: { position: 'desc' } })
      return active && version(active.digest)
    },
    policyVersion: version,
    async policyEntries(limit) {
      const rows = await entry.findMany({
        where: { subjectKind: 'policy' },
        orderBy: { position: 'desc' },
        take: limit,
        select: { text: true },
      })
      return rows.map(({ text }) => JSON.parse(text) as Entry) // written by `entryText`, append-only
    },
  }
}
