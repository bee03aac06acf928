import type { KnownBlock } from '@slack/types'
import { delegationsAround } from '../../approvals/delegations/state.ts'
import type { ReadPorts } from '../../approvals/ports.ts'
import { awayText, standsForText } from '../../card/delegation.ts'
import type { Text } from '../../card/span.ts'
import { delegationButtons } from '../../channels/delegations.ts'
import type { Account } from '../../core/identity.ts'
import { button, mrkdwn, section } from '../text/blocks.ts'
import { mrkdwnOf } from '../text/spans.ts'

/** In the place of so many people somebody is shown to be told. */
const mostShown = 10

/** Who is told in somebody's place, and in whose place they are told, each with its end; nothing where nobody is away. */
export async function delegationBlocks(
  ports: Pick<ReadPorts, 'store' | 'directory' | 'clock'>,
  account: Account,
): Promise<KnownBlock[]> {
  const { own, standsFor, people } = await delegationsAround(ports, account)
  const row = (text: Text, action: keyof typeof delegationButtons, id: string): KnownBlock => ({
    ...section(mrkdwn(mrkdwnOf(people, text))),
    accessory: button(action, delegationButtons[action], id),
  })
  return [
    ...(own ? [row(awayText(own), 'delegation_end', own.delegation)] : []),
    ...standsFor
      .slice(0, mostShown)
      .map((one) => row(standsForText(one), 'delegation_decline', one.delegation)),
  ]
}
