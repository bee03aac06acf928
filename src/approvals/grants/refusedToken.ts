import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { spenderOf, type Unpresentable } from './presented.ts'
import { invalidGrant, type Outcome, type RedemptionAsk } from './redemptionAsk.ts'

/** One answer for everything: whoever tries tokens out learns nothing from it. The entry says what was wrong. */
export function refused(ports: Ports, { by }: RedemptionAsk, { why, request }: Unpresentable): Outcome {
  const spender = spenderOf(by)
  const entry = newEntry(
    ports,
    { type: 'token.refused', actor: { ...spender, via: 'api' }, subject: spender, data: { why } },
    request ?? undefined,
  )
  return { change: { entries: [entry] }, answer: invalidGrant(why) }
}
