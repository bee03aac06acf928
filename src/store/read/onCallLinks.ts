import type { Store } from '../../approvals/ports.ts'
import type { OnCallLink } from '../../approvals/records.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { OnCallLinkModel } from '../prisma/models.ts'

export function readOnCallLinks({ onCallLink }: PrismaClient): Pick<Store, 'onCallLink' | 'onCallLinks'> {
  return {
    async onCallLink(id) {
      const row = await onCallLink.findUnique({ where: { id } })
      return row && linkOf(row)
    },
    async onCallLinks() {
      return (await onCallLink.findMany({ orderBy: { id: 'asc' } })).map(linkOf)
    },
  }
}

/** As `onCallLinkRow` wrote it. */
function linkOf({ linkedAt, ...row }: OnCallLinkModel): OnCallLink {
  return { ...row, linkedAt: linkedAt.toISOString() }
}
