import type { Confirmations } from '../../approvals/policy/confirmations.ts'
import type { Proposed } from '../../approvals/policy/proposePolicy.ts'
import { askedText } from '../askedText.ts'

/** What became of a proposal, and what the replicas say of it when it is active. */
export interface Done {
  readonly proposed: Proposed
  readonly replicas: Confirmations | null
}

export function sayProposed(name: string, { proposed, replicas }: Done): string {
  switch (proposed.outcome) {
    case 'activated':
      return replicas
        ? `${name} is active: nothing is judged by any other policy now. ${sayReplicas(replicas)}`
        : `${name} was activated, but another policy has replaced it since.`
    case 'unchanged':
      return `${name} is already the active policy.${replicas ? ` ${sayReplicas(replicas)}` : ''}`
    case 'replaced': // only a start is kept from going back
    case 'nobody_behind':
      return 'The active policy asks for approval: say who you are with --by.'
    case 'unconfirmed':
      return `${name} is not put before anybody yet. ${askedText(proposed.confirmation)} Until then nothing changes.`
    case 'asked':
      return sayAsked(name, proposed, replicas)
  }
}

function sayAsked(
  name: string,
  asked: Extract<Proposed, { outcome: 'asked' }>,
  replicas: Confirmations | null,
): string {
  const { request, created } = asked
  const { summary } = request.action.params
  if (request.state === 'approved')
    return replicas
      ? `${name} was approved by the active policy itself and is active (${request.id}). ${sayReplicas(replicas)}`
      : `${name} was approved by the active policy itself (${request.id}), but another policy was activated meanwhile: propose it again.`
  if (request.state !== 'pending')
    return `The active policy does not let ${name} become active: ${request.outcome} (${request.id})`
  const who = (request.requirement?.legs ?? [])
    .map(({ count, from }) => `${count} of ${from.map(({ ref }) => ref).join(' or ')}`)
    .join(' and ')
  const says = created ? 'Approval has been asked for' : 'Approval was already asked for, and is pending'
  return `${says}: ${who} (${request.id}). Until then nothing changes.\n${String(summary)}`
}

function sayReplicas({ confirmed, unconfirmed }: Confirmations): string {
  if (confirmed.length + unconfirmed.length === 0)
    return 'No server is running on this database; the next one that starts will find it.'
  const names = confirmed.map(({ name }) => name).join(', ')
  if (unconfirmed.length === 0) return `Confirmed by every running server: ${names}.`
  const silent = unconfirmed
    .map(({ name, silentSeconds }) => `${name}, last heard from ${Math.round(silentSeconds)} s ago`)
    .join('; ')
  return `${confirmed.length > 0 ? `Confirmed by ${names}. ` : ''}Not confirmed by ${silent}. A server that has not read it yet judges nothing meanwhile: what is judged by an older policy is not written.`
}
