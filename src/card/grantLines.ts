import type { Grant } from '../core/grant.ts'
import type { RevokedBy } from '../core/revocation.ts'
import { nothing, onDay, outside, say, strong, type Text } from './span.ts'
import type { RequestView } from './view.ts'

/** Why it may not run after all, as the record says. */
const revokedFor: Readonly<Record<RevokedBy, Text>> = {
  approver: say`because somebody who had approved it took that back`,
  operator: say`by whoever runs Countersign`,
  agent: say`by the agent, which gave its grant back`,
  resource: say`by the resource that it was for, which gave the grant back`,
  lost_approval: say`because an approval that it needs no longer counts`,
  policy: say`because policy has come to deny it`,
  stop: say`by a stop`,
}

/** What is told of an approval that was taken back. */
export function revokedLine({ request }: RequestView): Text {
  const why = revokedFor[request.revokedBy ?? 'operator']
  const grant = request.grant ? say`Its grant is void.` : say`The agent has got no grant, and gets none.`
  return say`${strong`Revoked`} ${why}. ${grant}`
}

/** What is told of a grant that the agent has got. */
export function grantedLine({ spentBy, tokenOnly, audience, expiresAt }: Grant): Text {
  const who = spentBy === 'agent' ? say`the agent` : say`the resource`
  const checked = tokenOnly ? say` The resource checks the token only, not what is run.` : nothing
  return say`${strong`Granted`}, for ${outside(audience, 100)}: ${who} can use it once, until ${onDay(expiresAt)}.${checked}`
}
