import type { Health } from '../../approvals/ports.ts'
import { type Reach, reachOf } from '../../channels/reach.ts'
import { refusalsOfApp } from './refusals.ts'

/** @param isBeside people are reached through another channel, too: then nobody is out of reach because Teams refuses us */
export function createReach(health: Health, { isBeside }: { readonly isBeside: boolean }): Reach {
  return reachOf(health, {
    name: 'Teams',
    proof: 'our app',
    part: (part) => `${part} teams`,
    isBeside,
    fixes: refusalsOfApp,
  })
}
