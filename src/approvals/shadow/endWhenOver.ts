import { ending } from './end.ts'
import type { ShadowPorts } from './start.ts'

/**
 * Ends a shadow whose time is over, or whose bundle judges for real now; once, whichever replica is first. One that is not due yet (a clock
 * went back) gets its deadline job again.
 */
export async function endWhenOver(
  ports: ShadowPorts,
  { shadow: id, early }: { readonly shadow: string; readonly early?: true },
): Promise<void> {
  const [running, active] = await Promise.all([ports.store.runningShadow(), ports.store.activePolicy()])
  if (running?.id !== id) return
  if (active?.digest === running.digest) {
    const by = { kind: 'system', id: 'policy-tool', via: 'job' } as const
    await ports.store.commit(ending(ports, running, { by, why: 'activated' }))
  } else if (ports.clock().toISOString() >= running.endsAt) {
    const by = { kind: 'system', id: 'deadline', via: 'clock' } as const
    await ports.store.commit(ending(ports, running, { by, why: 'over' }))
  } else if (!early) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'endShadow', shadow: id, at: running.endsAt }] })
  }
}
