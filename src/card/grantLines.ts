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

export function grantIssued({ request }: RequestView): Told | null {
  const { grant } = request
  if (!grant) return null
  const who = grant.spentBy === 'agent' ? say`the agent` : say`the resource`
  const bound = grant.tokenOnly ? say` The resource checks the token only, not what is run.` : nothing
  return tell(
    say`${strong`Granted`}, for ${outside(grant.audience, 100)}: ${who} can use it once, until ${onDay(grant.expiresAt)}.${bound}`,
  )
}
