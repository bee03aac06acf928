import type { Change } from '../../src/approvals/change.ts'
import type { Shadow, ShadowDifference, ShadowReplica } from '../../src/approvals/shadow/records.ts'
import type { ShadowStore } from '../../src/approvals/shadow/shadowStore.ts'
import { addedTo, type Counted, keyOf } from '../../src/policyTools/simulation/beside.ts'
import type { Tables } from './memoryTables.ts'

/** The shadows of the store in memory. */
export function shadowReads(tables: Tables): ShadowStore {
  const newestFirst = () => [...tables.shadows.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
  const running = () => newestFirst().find(({ ended }) => ended === null) ?? null
  return {
    runningShadow: async () => running(),
    newestShadow: async () => running() ?? newestFirst()[0] ?? null,
    async shadowRecord(shadow) {
      const replicas = new Map<string, ShadowReplica>()
      const kinds = new Map<string, ShadowDifference>()
      for (const { found, base, nth: _, shadow: __, ...said } of tables.shadowBatches.filter(
        (one) => one.shadow === shadow,
      )) {
        const before = replicas.get(said.id)
        replicas.set(said.id, {
          ...said,
          unchanged: said.unchanged + (before?.unchanged ?? 0),
          tightened: said.tightened + (before?.tightened ?? 0),
          loosened: said.loosened + (before?.loosened ?? 0),
          failed: said.failed + (before?.failed ?? 0),
          dropped: said.dropped + (before?.dropped ?? 0),
          seenAt: '2026-11-24T14:00:00.123Z',
        })
        for (const kind of found) {
          const key = `${base} ${keyOf(kind)}`
          const sum: readonly Counted[] = [
            ...addedTo(new Map([[keyOf(kind), kinds.get(key) ?? { ...kind, count: 0, examples: [] }]]), [
              kind,
            ]).values(),
          ]
          for (const one of sum) kinds.set(key, { ...one, base })
        }
      }
      if (!tables.shadows.has(shadow)) return { replicas: [], differences: [] }
      return { replicas: [...replicas.values()], differences: [...kinds.values()] }
    },
    async addToShadow(batch) {
      const isKnown = tables.shadowBatches.some(
        ({ shadow, id, nth }) => shadow === batch.shadow && id === batch.id && nth >= batch.nth,
      )
      if (tables.shadows.has(batch.shadow) && !isKnown) tables.shadowBatches.push(batch)
    },
  }
}

/** There is one already. */
export function isSecondShadow(tables: Tables, { shadows = [] }: Change): boolean {
  const isRunning = (one: Shadow) => one.ended === null
  return shadows.some(({ expected }) => expected === null) && [...tables.shadows.values()].some(isRunning)
}
