import { Refusal } from '../../core/refusal.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Shadow, ShadowEnding } from './records.ts'
import type { ShadowPorts } from './start.ts'

/**
 * The shadow judges no more, on the word of whoever has the shell. What it found is kept for a while. Resolves to it as it is then; null when
 * none runs.
 *
 * @throws Refusal `busy`
 */
export async function stopShadow(
  ports: ShadowPorts,
  ask: Word & { readonly reason: string | null },
): Promise<Shadow | null> {
  const running = await ports.store.runningShadow()
  if (!running) return null
  const said = saidBy(ask, onlyClaimed)
  const by: Actor = { kind: 'system', id: 'operator', via: ask.via }
  const change = ending(ports, running, { by, why: 'stopped', reason: ask.reason, said })
  if ((await ports.store.commit(change)) !== 'applied')
    throw new Refusal('busy', 'the shadow changed meanwhile')
  return change.shadows[0].next
}

/** How a shadow ends, and all that is committed with it. */
export function ending(
  ports: ShadowPorts,
  shadow: Shadow,
  as: {
    readonly by: Actor
    readonly why: ShadowEnding
    readonly reason?: string | null
    readonly said?: ReturnType<typeof saidBy>
  },
): Change & { readonly shadows: readonly [{ readonly expected: number; readonly next: Shadow }] } {
  const { by, why, reason, said } = as
  const next = { ...shadow, version: shadow.version + 1, ended: { at: ports.clock().toISOString(), why } }
  return {
    shadows: [{ expected: shadow.version, next }],
    entries: [
      newEntry(ports, {
        type: 'shadow.ended',
        actor: by,
        subject: { kind: 'policy', id: shadow.digest },
        data: { shadow: shadow.id, name: shadow.name, why, ...said?.data },
        kept: { reason: reason ?? undefined, ...said?.kept },
      }),
    ],
    // The job of the deadline is the one that does this.
    dropJobs: why === 'over' ? [] : [`endShadow:${shadow.id}`],
  }
}
