import type { Store } from '../../approvals/ports.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import type { Digest } from '../../core/digest.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { PrismaClient, PolicyVersion as Row } from '../prisma/client.ts'

type Reads = Pick<
  Store,
  'activePolicy' | 'activeFiles' | 'wasActive' | 'policyVersion' | 'policyFiles' | 'policyEntries'
>

export function readPolicies({ policyActivation, policyVersion, entry }: PrismaClient): Reads {
  const filesAt = async (filesDigest: string): Promise<PolicyVersion | null> =>
    versionIn(await policyVersion.findUnique({ where: { filesDigest } }))
  const newest = () => policyActivation.findFirst({ orderBy: { position: 'desc' } })
  return {
    async activePolicy() {
      const active = await newest()
      return active && filesAt(active.filesDigest)
    },
    async activeFiles() {
      return ((await newest())?.filesDigest ?? null) as Digest | null // written by `policyRow`
    },
    async wasActive({ digest, filesDigest }) {
      const same = await policyVersion.findMany({ where: { digest }, select: { filesDigest: true } })
      const names = [filesDigest, ...same.map((one) => one.filesDigest)]
      const rows = await policyActivation.findMany({
        where: { filesDigest: { in: names } },
        distinct: ['filesDigest'],
      })
      if (rows.some((one) => one.filesDigest === filesDigest)) return 'files'
      return rows.length > 0 ? 'bundle' : 'never'
    },
    async policyVersion(digest) {
      return versionIn(await policyVersion.findFirst({ where: { digest }, orderBy: { filesDigest: 'asc' } }))
    },
    policyFiles: filesAt,
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

/** Written by `policyRow`, so the shapes are known. */
function versionIn(row: Row | null): PolicyVersion | null {
  return (
    row && {
      digest: row.digest as PolicyVersion['digest'],
      filesDigest: row.filesDigest as PolicyVersion['filesDigest'],
      name: row.name,
      files: row.files as PolicyVersion['files'],
    }
  )
}
