import type { Store } from '../../src/approvals/ports.ts'
import type { PolicyVersion } from '../../src/approvals/records.ts'

/** Reads that can be held back: they have their answer, and it does not arrive. */
export function holdingBack(store: Pick<Store, 'activePolicy'>) {
  let holding = false
  let arrived = () => {}
  const held: (() => void)[] = []
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve
  })
  return {
    async read(): Promise<PolicyVersion | null> {
      const version = await store.activePolicy()
      if (!holding) return version
      await new Promise<void>((resolve) => {
        held.push(resolve)
        arrived()
      })
      return version
    },
    hold: () => {
      holding = true
    },
    waits: () => waiting,
    /** From now on answers arrive; those that were held back do when what this returns is called, or at once. */
    letGo: () => {
      holding = false
      const late = held.splice(0)
      const release = () => late.forEach((answer) => void answer())
      if (late.length === 0) return release
      setImmediate(release)
      return release
    },
  }
}
