import { randomUUID } from 'node:crypto'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { SlackContext } from '../context.ts'

/** What this process keeps, as far as it is asked here. */
interface Own {
  readonly everyMs: number
  readonly kept: Pick<Map<string, unknown>, 'has' | 'delete'>
  readonly take: (user: string, openedSecondsAgo: number) => void
}

/** Which Homes are this process's to publish, of all that are open. Nothing here ever rejects: a Home that stands as it was says since when. */
export interface OwnHomes {
  opened(user: string): Promise<void>
  /** Others may take them at once. */
  stop(): Promise<void>
}

/**
 * From time to time it says that it goes on, takes those whose process has fallen silent, and gives up those that another has by now, because
 * Slack told that one of the next opening.
 */
export function keepOwnHomes({ ports: { store }, log }: SlackContext, own: Own): OwnHomes {
  const keeper = randomUUID()
  /** Those of which the database knows that they are this process's. */
  let noted = new Set<string>()
  const quietly = async (work: () => Promise<void>) =>
    work().catch((err: unknown) => log.warn({ err }, 'which Homes are open could not be noted'))
  const renew = oneAtATime(() =>
    quietly(async () => {
      const before = noted
      const homes = await store.keepOpenHomes(keeper)
      noted = new Set(homes.map(({ user }) => user))
      for (const user of before) if (!noted.has(user)) own.kept.delete(user)
      for (const { user, openedSecondsAgo } of homes)
        if (!own.kept.has(user)) own.take(user, openedSecondsAgo)
    }),
  )
  const timer = setInterval(() => void renew(), own.everyMs)
  timer.unref()
  return {
    opened: (user) =>
      quietly(async () => {
        await store.openHome(user, keeper)
        noted.add(user)
      }),
    async stop() {
      clearInterval(timer)
      await quietly(() => store.leaveOpenHomes(keeper))
    },
  }
}
