import type { Bundle } from '../policy/bundle.ts'
import { conversationIn } from '../teams/address.ts'

/** Addresses that a policy names. */
export interface PolicyAddresses {
  readonly channels: readonly string[]
  readonly groups: readonly string[]
  /** Of the people whom the policy names one by one. */
  readonly people: readonly string[]
}

/** Every conversation and group that the policy may use, in whatever channel. */
export function addressesIn(bundle: Bundle): PolicyAddresses {
  const alarms = bundle.rules.flatMap((rule) => rule.breakGlass?.notify ?? []).filter(isConversation)
  const demands = [bundle.defaults, ...bundle.rules.flatMap((rule) => (rule.demand ? [rule.demand] : []))]
  const named = (kind: 'group' | 'account') =>
    [...bundle.people.values()].filter((source) => source.kind === kind).map((source) => source.address)
  return {
    channels: [...new Set([...demands.flatMap((demand) => demand.channels), ...alarms])],
    groups: [...new Set(named('group'))],
    people: [...new Set(named('account'))],
  }
}

/** An alarm may also go to a group or a person. */
function isConversation(address: string): boolean {
  return /^slack:(?:[A-Z0-9]+\/)?[CG]/.test(address) || conversationIn(address) !== null
}
