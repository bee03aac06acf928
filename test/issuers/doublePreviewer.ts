import { TargetFault } from '../../src/approvals/leases/issuer.ts'
import type { Estimated, Previewer } from '../../src/approvals/previews/previewer.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { createGate } from './gate.ts'

/** A target in memory that says what an export would touch, and how it misbehaves. */
export interface DoublePreviewer extends Previewer {
  /** Every action that it was asked about. */
  readonly asked: string[]
  /** What the next askings meet, one after the other; after that everything works. */
  readonly next: Misbehaving[]
  /** It takes its time, until the test lets it. */
  hold(): () => void
}

/** `deaf`: nothing answers. `refuses`: it says no. Anything else is what it answers, however wrong. */
type Misbehaving = 'deaf' | 'refuses' | Estimated

export function doublePreviewer(given: Partial<Previewer> = {}): DoublePreviewer {
  const asked: string[] = []
  const next: Misbehaving[] = []
  const gate = createGate()
  return {
    target: 'warehouse',
    previews: () => true,
    check: async () => [],
    async preview({ action }) {
      asked.push(action)
      const now = next.shift() ?? { tables: ['public.users'], rows: 248_317 }
      await gate.passed()
      if (now === 'deaf') throw new TargetFault('nothing answers')
      if (now === 'refuses') throw new Refusal('target_refused', 'there is no such table')
      return now
    },
    ...given,
    asked,
    next,
    hold: gate.hold,
  }
}
