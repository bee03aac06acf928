import { declineDelegation, endOwnDelegation } from '../approvals/delegations/end.ts'
import { namedDelegations } from '../approvals/delegations/named.ts'
import type { Ports } from '../approvals/ports.ts'
import { declinedText } from '../card/delegation.ts'
import { say, type Text } from '../card/span.ts'
import type { Account } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type Answer, ourAnswer } from './answers.ts'

/** What the buttons of delegations do, by their ids; the value is the delegation's id. */
export const delegationButtons = { delegation_decline: 'Decline', delegation_end: 'I am back' } as const

export type DelegationButton = keyof typeof delegationButtons

const pattern = /^dlg_[0-9a-z]{1,60}$/

/** The id that a button carries; null when it was not made by us. */
export function readDelegationValue(value: string): string | null {
  return pattern.test(value) ? value : null
}

interface Ender {
  readonly account: Account
  readonly via: string
  readonly delivery: string
}

/** What somebody pressed did, in words for them. `declined`: the message that asked them asks no more, and says this instead. */
export interface DelegationEnd extends Answer {
  readonly declined: Parameters<typeof declinedText>[0] | null
}

const over: Text = say`That is over already.`

/** *Decline* of the delegate, and *I am back* of whoever was away. @throws Refusal those of the verbs */
export async function endDelegation(
  ports: Ports,
  pressed: { readonly button: DelegationButton; readonly delegation: string },
  ender: Ender,
): Promise<DelegationEnd> {
  try {
    if (pressed.button === 'delegation_end') {
      await endOwnDelegation(ports, ender)
      return { ...ourAnswer(say`Welcome back: you are told yourself again.`), declined: null }
    }
    const ended = await declineDelegation(ports, { ...ender, delegation: pressed.delegation })
    const { named, people } = await namedDelegations(ports, [ended])
    const who = named.get(ended)
    if (!who) return { ...ourAnswer(say`You declined.`), declined: null }
    return { says: declinedText(who), people, declined: who }
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
    return { ...ourAnswer(over), declined: null }
  }
}
