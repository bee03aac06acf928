import type { RevokedBy } from '../core/revocation.ts'
import type { Entry } from '../ledger/entry.ts'
import { nothing, onDay, outside, say, strong, type Text, warning } from './span.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

/* What the thread under a card says of grants. */

export function grantRedeemed({ request }: RequestView): Told {
  return tell(
    say`${strong`Redeemed`} by ${redeemer(request)}, which runs it now. It can no longer be taken back.`,
  )
}

/** The first attempt only: however often somebody tries, a thread is not buried. All of them are on record. */
export function grantReplayed({ request }: RequestView, { data }: Entry): Told | null {
  if (data.told !== true) return null
  return tell(
    say`${warning} ${strong`Refused`}: ${redeemer(request)} tried to redeem the grant a second time. It works once.`,
  )
}

export function grantMismatched(_: RequestView, { data }: Entry): Told | null {
  if (data.told !== true) return null
  return tell(
    say`${warning} ${strong`Refused`}: the grant was to be redeemed for another action than the approved one. For that one it still works.`,
  )
}

/** Whoever is about to act: the agent, or the resource that was asked to. */
function redeemer({ grant }: RequestView['request']): Text {
  return grant?.spentBy === 'resource' ? say`the resource` : say`the agent`
}

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

export function requestRevoked({ request }: RequestView): Told {
  const why = revokedFor[request.revokedBy ?? 'operator']
  const grant = request.grant ? say`Its grant is void.` : say`The agent has got no grant, and gets none.`
  return tell(say`${strong`Revoked`} ${why}. ${grant}`)
}

export function grantIssued({ request }: RequestView): Told | null {
  const { grant } = request
  if (!grant) return null
  const who = grant.spentBy === 'agent' ? say`the agent` : say`the resource`
  const bound = grant.tokenOnly ? say` The resource checks the token only, not what is run.` : nothing
  return tell(
    say`${strong`Granted`}, for ${outside(grant.audience, 100)}: ${who} can use it once, until ${onDay(grant.expiresAt)}.${bound}`,
  )
}
