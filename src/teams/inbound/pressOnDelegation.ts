import { declineDelegation, endOwnDelegation } from '../../approvals/delegations/end.ts'
import { namedDelegations } from '../../approvals/delegations/named.ts'
import { say } from '../../card/span.ts'
import { ourAnswer } from '../../channels/answers.ts'
import { accountAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { declinedMessage, type delegationButtons, readDelegationValue } from '../card/delegation.ts'
import type { Presser } from './presser.ts'
import { card, words } from './replies.ts'
import { doerOf } from './who.ts'

/** *Decline* of the delegate, and *I am back* of whoever was away. */
export function endDelegation(button: keyof typeof delegationButtons): Presser {
  return async (teams, activity, value) => {
    const id = readDelegationValue(value)
    if (id === null) throw new Refusal('foreign_payload', 'a button of a delegation that is not ours')
    const { actor, delivery } = doerOf(teams, activity)
    const ender = { account: await accountAt(teams.ports, actor.address), via: teams.via, delivery }
    try {
      if (button === 'delegation_end') {
        await endOwnDelegation(teams.ports, ender)
        return words(ourAnswer(say`Welcome back: you are told yourself again.`))
      }
      const ended = await declineDelegation(teams.ports, { ...ender, delegation: id })
      const { named, people } = await namedDelegations(teams.ports, [ended])
      const who = named.get(ended)
      return who ? card(declinedMessage(who, people).card) : words(ourAnswer(say`You declined.`))
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
      return words(ourAnswer(say`That is over already.`))
    }
  }
}
