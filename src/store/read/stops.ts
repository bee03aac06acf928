import type { Store } from '../../approvals/ports.ts'
import type { Stop } from '../../approvals/stops/records.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { StopModel } from '../prisma/models.ts'
import { pageOf } from './page.ts'

export function readStops({ stop }: PrismaClient): Pick<Store, 'stop' | 'standingStops' | 'stops'> {
  return {
    async stop(id) {
      const row = await stop.findUnique({ where: { id } })
      return row && stopOf(row)
    },
    async standingStops() {
      // Counted first: a stop that comes in between is one too many among those that hold, and the commit finds that out.
      const read = await stop.count()
      const rows = await stop.findMany({ where: { standing: true }, orderBy: { id: 'asc' } })
      return { stops: rows.map(stopOf), read }
    },
    async stops(page) {
      return (await stop.findMany(pageOf(page))).map(stopOf)
    },
  }
}

/** As `stopRow` wrote it. */
function stopOf({ id, version, scope, reason, by, at, resumed }: StopModel): Stop {
  return {
    id,
    version,
    scope: scope as unknown as Stop['scope'],
    reason: String(reason),
    by: by as unknown as Stop['by'],
    at: at.toISOString(),
    resumed: resumed as unknown as Stop['resumed'],
  }
}
