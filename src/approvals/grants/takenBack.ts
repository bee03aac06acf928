import { administrative } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Ruling } from '../byPerson.ts'
import { jobKey } from '../job.ts'
import type { Colleague } from '../people/eligibility.ts'
import type { WithdrawalAttempt } from '../personCommand.ts'
import type { Ports } from '../ports.ts'
import { revoked } from './revoked.ts'

/** What only we do is done as soon as it is approved. @throws Refusal `wrong_state` */
export function refuseDoneAtOnce({ action }: ActionRequest): void {
  if (administrative.includes(action.action))
    throw new Refusal('wrong_state', 'what is done at once cannot be taken back')
}

/** Somebody who let an action through takes that back before it is used. Why they do is written for people, not for the agent. */
export function takenBack(
  ports: Ports,
  request: ActionRequest,
  by: { readonly colleague: Colleague; readonly attempt: WithdrawalAttempt },
): Ruling {
  const { colleague, attempt } = by
  const { person, account, links } = colleague
  const change = revoked(ports, request, {
    by: 'approver',
    outcome: request.brokenGlass
      ? 'The person who let it through took that back.'
      : 'Somebody who had approved it took that back.',
    actor: { kind: 'person', id: person, account: account.key, via: attempt.via },
    // Where an approval was taken back, the entry of that names the click.
    ...(request.brokenGlass && { data: { card: attempt.card, delivery: attempt.delivery } }),
    kept: { identity: { ...account }, reason: attempt.reason?.trim() || null },
  })
  return { ...change, links, dropJobs: [jobKey({ task: 'unredeemed', request: request.id, at: '' })] }
}
