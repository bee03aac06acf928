import type { Ports } from '../ports.ts'
import { confirmationEntry, ended } from './askToConfirm.ts'

/**
 * The time of a claim is over: nobody can confirm it any more, and what it was about goes on giving nothing until somebody
 * is asked again. Safe to run again; one that is not due yet (a clock went back) gets its job again.
 */
export async function lapse(ports: Ports, id: string): Promise<void> {
  const confirmation = await ports.store.confirmation(id)
  if (confirmation?.state !== 'waiting') return
  const { until } = confirmation
  if (ports.clock().toISOString() < until) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'lapse', confirmation: id, at: until }] })
    return
  }
  const committed = await ports.store.commit({
    confirmations: [ended(confirmation, 'lapsed')],
    entries: [
      confirmationEntry(ports, confirmation, {
        type: 'confirmation.lapsed',
        actor: { kind: 'system', id: 'deadline', via: 'clock' },
        data: { until },
      }),
    ],
    jobs: [{ task: 'confirm', confirmation: id }],
  })
  // Beaten by an answer, or by the note of a posting: judged anew.
  if (committed === 'conflict') await lapse(ports, id)
}
