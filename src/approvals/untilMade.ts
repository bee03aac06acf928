import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Committed } from './change.ts'
import type { WhoIsWho } from './known.ts'
import { asKnownNow } from './people/authenticate.ts'
import { renewed } from './policy/renewed.ts'
import type { Ports } from './ports.ts'
import { recordStopped } from './stops/recordStopped.ts'
import { Stopped } from './stops/refuse.ts'
import type { SubmissionEnvelope } from './submission.ts'
import { tooManyPending } from './tooManyPending.ts'

/** So often is a submission judged before the caller is told to come back: policies do not change that fast. */
const mostJudgements = 4

/** And so often more where a budget has counted others meanwhile: each time a number is passed that a rule names. */
const mostCounts = 20

/** What a submission was judged to make, and what became of its commit. */
interface Attempted<Made> {
  readonly made: Made
  readonly committed: Committed
  readonly maxPending: number
}

/** Judges what is asked and commits it. Who is who is looked up in memory, or in the store. */
export type Make<Made> = (envelope: SubmissionEnvelope, lookUp: WhoIsWho) => Promise<Attempted<Made>>

/** What was made now, or the request that an earlier call under the same key made. */
export type MadeOrEarlier<Made> = { readonly made: Made } | { readonly earlier: ActionRequest }

/**
 * What a submission makes, once, however often it is sent and whatever changes meanwhile. A refusal is told to nobody whose request
 * exists already, whatever would be said of it now, nor to whoever may not ask any more; and none that could hang on who is who is
 * told by memory.
 *
 * @throws Refusal `idempotency_mismatch`, `too_many_pending`, `busy`, `not_ready`, `unauthenticated`, those of `make`
 */
export async function untilMade<Made>(
  ports: Ports,
  envelope: SubmissionEnvelope,
  make: Make<Made>,
): Promise<MadeOrEarlier<Made>> {
  try {
    return await newOrRepeated(ports, envelope, { make, lookUp: ports.registry })
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const now = { ...envelope, ...(await asKnownNow(ports, envelope)) }
    const earlier = await earlierRequest(ports, envelope)
    if (earlier) return { earlier }
    if (refusal instanceof Stopped) await recordStopped(ports, envelope, refusal)
    if (refusal.code !== 'nobody_reachable') throw refusal
    return newOrRepeated(ports, now, { make, lookUp: ports.store })
  }
}

async function newOrRepeated<Made>(
  ports: Ports,
  first: SubmissionEnvelope,
  { make, lookUp }: { readonly make: Make<Made>; readonly lookUp: WhoIsWho },
): Promise<MadeOrEarlier<Made>> {
  let envelope = first
  let last: Committed | null = null
  let counted = 0
  for (let nth = 1; nth <= mostJudgements + counted; nth += 1) {
    const { made, committed, maxPending } = await make(envelope, lookUp)
    if (committed === 'applied') return { made }
    if (committed === 'full') throw await tooManyPending(ports, { ...envelope, maxPending })
    const isKnown = committed === 'repeated' || committed === 'shown'
    const earlier = isKnown ? await earlierRequest(ports, envelope) : null
    if (earlier) return { earlier }
    if (committed === 'shown') throw new Refusal('invalid_dpop_proof', 'a DPoP proof that was shown before')
    if (committed === 'counted') counted = Math.min(counted + 1, mostCounts)
    else if (committed === 'outdated') await renewed(ports)
    else {
      // Somebody denied the same or stopped it meanwhile, or who is who is not what was remembered: it is judged by what is.
      ports.registry.forget()
      ports.stops.forget()
      ports.signer.forget()
      envelope = { ...envelope, ...(await asKnownNow(ports, envelope)) }
    }
    last = committed
  }
  if (last === 'outdated')
    throw new Refusal('not_ready', 'the active policy is not the one that this process can judge by')
  throw new Refusal('busy', 'a new request met conflicts that are not its idempotency key')
}

async function earlierRequest(ports: Ports, envelope: SubmissionEnvelope): Promise<ActionRequest | null> {
  const earlier = await ports.store.requestByKey(envelope.agent.id, envelope.idempotencyKey)
  // Of one that was erased the body is not known any more. Its key goes on to make no other request.
  if (earlier && !earlier.erased && earlier.bodyDigest !== envelope.bodyDigest)
    throw new Refusal('idempotency_mismatch', 'an idempotency key was used again with another body')
  return earlier
}
