import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import { untilApplied } from '../untilApplied.ts'
import { revoked } from './revoked.ts'
import { refuseDoneAtOnce } from './takenBack.ts'

/**
 * Whoever runs Countersign takes back what was approved and is not redeemed yet. It only takes away, so it holds at once; the record
 * says that whoever had the shell claimed it. Why is written for people, and stands beside the entry.
 *
 * @throws Refusal `unknown_request`, `reason_needed`, `wrong_state` when it is not approved (any more), or is what Countersign does itself, `busy`
 */
export async function revokeByOperator(
  ports: Ports,
  ask: Word & { readonly request: string; readonly reason: string },
): Promise<ActionRequest> {
  const reason = ask.reason.trim()
  if (reason === '') throw new Refusal('reason_needed', 'a revocation without a reason')
  const said = saidBy(ask, onlyClaimed)
  return untilApplied(ports, 'a revocation', async () => {
    const request = await ports.store.request(ask.request)
    if (!request) throw new Refusal('unknown_request', 'no request of that id')
    refuseDoneAtOnce(request)
    const change = revoked(ports, request, {
      by: 'operator',
      outcome: 'Whoever runs Countersign took it back.',
      actor: { kind: 'system', id: 'operator', via: ask.via },
      data: said.data,
      kept: { reason, ...(ask.shell && { shell: { ...ask.shell } }) },
    })
    return { change, answer: change.request.next }
  })
}
