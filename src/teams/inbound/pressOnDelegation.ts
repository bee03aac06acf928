import { endDelegation, readDelegationValue } from '../../channels/delegations.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { declinedMessage } from '../card/delegation.ts'
import { type Presser, saying } from './presser.ts'
import { card } from './replies.ts'
import { doerOf } from './who.ts'

/** *Decline* of the delegate. Whoever is away says in Slack that they are back. */
export const pressOnDelegation: Presser = async (teams, activity, value) => {
  const delegation = readDelegationValue(value)
  if (delegation === null) throw new Refusal('foreign_payload', 'a button of a delegation that is not ours')
  const { actor, delivery } = doerOf(teams, activity)
  const account = await accountAt(teams.ports, actor.address)
  const ender = { account, via: teams.via, delivery }
  const pressed = { button: 'delegation_decline', delegation } as const
  const { declined, ...said } = await endDelegation(teams.ports, pressed, ender)
  if (!declined) return saying(said)
  return { reply: card(declinedMessage(declined, said.people).card), late: said }
}
