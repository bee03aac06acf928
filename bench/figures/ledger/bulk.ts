import { bareCopy } from '../../ceilings/bareCopy.ts'
import type { Bench } from '../../figure.ts'
import type { Line } from '../../line.ts'
import { meter, processorOf, shareText } from '../../machine/meter.ts'
import type { Sealing } from '../../world/sealing.ts'
import type { World } from '../../world/world.ts'

/** Milliseconds for ten million entries at a pace that is a third of what is to be reached. */
const patience = 3_000_000

/** Everything that waits is sealed by the running server, as after a night in which it could not. */
export async function sealedInBulk(
  { say }: Bench,
  by: {
    readonly world: World
    readonly sealing: Sealing
    /** Lets the server begin. */
    readonly release: () => Promise<void>
  },
): Promise<{ readonly lines: readonly Line[]; readonly notes: readonly string[] }> {
  const { world, sealing, release } = by
  say('sealing them')
  const before = await sealing.size()
  const spent = meter(world.parts)
  await release()
  await sealing.drained(patience)
  const took = spent()
  const count = (await sealing.size()) - before
  say('the bare COPY of the same rows')
  const copied = await bareCopy(world.database.url)
  const all = await sealing.size()
  const each = (processorOf(took, 'server', 'database') / count) * 1_000
  return {
    lines: [
      {
        what: 'sealed in bulk',
        unit: 'a second',
        measured: (count / took.wall) * 1_000,
        ceiling: { is: 'bare COPY of the same rows', value: (all / copied) * 1_000 },
        target: { bound: 'at least', value: 10_000, of: 'measured' },
      },
    ],
    notes: [
      shareText('sealing in bulk', took),
      `sealing in bulk: processor time of each of ${count}: ${each.toFixed(1)} µs, of which the server's ${((processorOf(took, 'server') / count) * 1_000).toFixed(1)}`,
    ],
  }
}
