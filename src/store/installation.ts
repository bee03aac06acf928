import { StoreFault } from './fault.ts'
import type { PrismaClient } from './prisma/client.ts'
import type { InstallationModel } from './prisma/models.ts'

type InstallationKind = 'sandbox' | 'production'

/** Whose database this is. */
export interface Installation {
  /** `wsp_…`: `ws` of every entry. */
  readonly id: string
  readonly kind: InstallationKind
  /** RFC 3339, UTC. */
  readonly createdAt: string
}

export interface InstallationClaim {
  readonly kind: InstallationKind
  /** A digest of the secret this server was given: never the secret. */
  readonly secretFingerprint: string
  readonly newId: () => string
}

/**
 * Takes possession of a new database, or checks that it is ours: a sandbox, where anybody may be anybody, must never
 * share a database with production, and another secret would silently invalidate what was issued under the first.
 *
 * @throws StoreFault `sandbox_database`, `production_database`, `other_secret`
 */
export async function openInstallation(
  prisma: PrismaClient,
  claim: InstallationClaim,
): Promise<Installation> {
  const { kind, secretFingerprint } = claim
  await prisma.installation.createMany({
    data: { id: claim.newId(), kind, secretFingerprint },
    skipDuplicates: true,
  })
  const row = await prisma.installation.findUniqueOrThrow({ where: { theOnlyOne: true } })
  if (row.kind !== kind) throw otherKind(row)
  if (row.secretFingerprint !== secretFingerprint) throw otherSecret()
  return { id: row.id, kind, createdAt: row.createdAt.toISOString() }
}

function otherKind({ kind }: InstallationModel): StoreFault {
  if (kind === 'sandbox')
    return new StoreFault('sandbox_database', {
      problem:
        'This database belongs to a sandbox, where anybody may be anybody; it cannot serve a real workspace.',
      fix: 'Point DATABASE_URL (or DATA_DIR) at a new, empty database; the sandbox keeps its own.',
    })
  return new StoreFault('production_database', {
    problem:
      'This database belongs to a real workspace; the sandbox, where anybody may be anybody, must not open it.',
    fix: 'Set the SLACK_* keys of that workspace again, or point DATABASE_URL (or DATA_DIR) at a new, empty database.',
  })
}

/** Also for a process that served under the secret of before. */
export function otherSecret(): StoreFault {
  return new StoreFault('other_secret', {
    problem: 'This database was used with another secret.',
    fix: 'Give the server the secret it had (the file in its data directory, or COUNTERSIGN_SECRET). If it was being replaced and that was interrupted: run countersign secret rotate again, which finishes it.',
  })
}
