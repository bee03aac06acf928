import type { Actor } from '../../channels/hearing.ts'
import { keyIn } from '../address.ts'
import type { SlackContext } from '../context.ts'

/**
 * Whoever a payload names. Their account, as far as that names it, is only for the record of a refusal, because the payload's team is
 * not believed. In an organisation the key is not in the payload, only the address.
 */
export function actorOf(
  slack: SlackContext,
  user: { readonly id: string; readonly team_id?: string | undefined },
): Actor {
  const address = slack.address(user.id)
  if (slack.identity.enterpriseId !== null) return { address, claimed: address }
  return { address, claimed: keyIn(user.team_id ?? slack.identity.teamId, user.id) }
}
