import type { Page } from '../../approvals/queries.ts'

/** What Prisma is asked for a page, newest first. */
export function pageOf({ limit, before }: Page) {
  return {
    where: before === undefined ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' as const },
    take: limit,
  }
}
