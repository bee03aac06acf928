import type { Bench } from '../../figure.ts'
import { atOnce, type Work } from '../../load/atOnce.ts'
import { joined, type Stretch, stretch } from '../../load/stretch.ts'
import type { Parts } from '../../machine/meter.ts'
import type { Tally } from '../../soak/tally.ts'
import type { Sealing } from '../../world/sealing.ts'

/** Turns of each. */
const rounds = 6

/** Milliseconds for what waits between two turns. */
const patience = 60_000

/** The same load, while entries are sealed and while they only wait. */
export interface Paired {
  readonly sealed: Stretch
  readonly unsealed: Stretch
}

/** In turn, so that what else the machine does at a moment meets both. What one turn leaves unsealed is none of the next one's. */
export async function costOfSealing(
  { options, stopping }: Bench,
  by: {
    readonly parts: Parts
    readonly sealing: Sealing
    readonly work: Work
    readonly surprises: Tally
  },
): Promise<Paired> {
  const { parts, sealing, work, surprises } = by
  const load = async (ms: number) => {
    await sealing.drained(patience)
    return stretch(parts, () => atOnce({ width: options.agents, until: { ms }, surprises, stopping }, work))
  }
  const each = (options.seconds * 2_000) / rounds
  await load(options.seconds * 500)
  const sealed: Stretch[] = []
  const unsealed: Stretch[] = []
  for (let round = 0; round < rounds; round += 1) {
    sealed.push(await load(each))
    await sealing.drained(patience)
    const release = await sealing.hold()
    try {
      unsealed.push(
        await stretch(parts, () =>
          atOnce({ width: options.agents, until: { ms: each }, surprises, stopping }, work),
        ),
      )
    } finally {
      await release()
    }
  }
  await sealing.drained(patience)
  return { sealed: joined(sealed), unsealed: joined(unsealed) }
}
