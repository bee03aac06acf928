import { hash } from 'node:crypto'
import { shownDigest } from '../card/masked.ts'
import { seenDigest } from '../card/seen.ts'
import { canonical } from '../core/canonical.ts'
import type { JsonObject } from '../core/json.ts'
import { type Problem, Refusal, type RefusalCode } from '../core/refusal.ts'
import { refusals } from '../core/refusals.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Decided } from './byPerson.ts'
import { story } from './inspect.ts'
import { perform } from './perform.ts'
import type { PersonAttempt, PersonCommand } from './personCommand.ts'
import type { Ports } from './ports.ts'
import { staffOf, type TokenVerb, textToSee } from './readByToken.ts'
import { recordRefusal } from './recordRefusal.ts'
import type { PersonalToken } from './records.ts'

/** What somebody decides from somewhere else than their channel. */
export interface TokenDecision {
  readonly decision: TokenVerb
  readonly reason: string | null
  readonly typed: readonly string[]
  readonly mayAskAgain: boolean
  /** Of a vote: what it names as asked, and as seen. Null where it names nothing. */
  readonly digest: string | null
  readonly view: string | null
}

/**
 * A person decides by a personal token: through the same verbs as a click, so by the same rules. A vote names what its person was shown;
 * where that is not what stands there now, nothing is decided. A repeated call under one idempotency key, with the same token and the same
 * body, has one effect and the same answer.
 *
 * @param call the token, the request, and the idempotency key; null: every call is one of its own
 * @throws Refusal `unknown_request`, `not_as_seen`, `idempotency_mismatch`, those of the verbs
 */
export async function decideByToken(
  ports: Ports,
  call: { readonly token: PersonalToken; readonly request: string; readonly key: string | null },
  said: TokenDecision,
): Promise<Decided> {
  const { token, key } = call
  const request = await ports.store.request(call.request)
  if (!request) throw new Refusal('unknown_request', 'a decision on a request that does not exist')
  const named = key === null ? null : deliveryOf(token, { key, request: request.id, said })
  if (named) await refuseOtherBody(ports, request, named)
  const delivery = named ? `${named.key}:${named.body}` : `api:${ports.ids.next('act')}`
  const attempt = {
    request: request.id,
    account: token.account,
    via: 'api',
    way: 'api',
    token: token.id,
    card: null,
    delivery,
  } as const
  const decided = await performSeen(ports, request, { attempt, said })
  if (decided.repeated) await refuseAsBefore(ports, attempt)
  return decided
}

async function performSeen(
  ports: Ports,
  request: ActionRequest,
  by: { readonly attempt: PersonAttempt; readonly said: TokenDecision },
): Promise<Decided> {
  const { attempt, said } = by
  const { decision, reason, typed, mayAskAgain } = said
  if (decision === 'withdraw') {
    await refusedOnRecord(ports, attempt, { verb: decision, check: () => refuseStranger(ports, attempt) })
    return perform(ports, { verb: decision, attempt: { ...attempt, reason } })
  }
  const seen = await textToSee(ports, request)
  const problems = unlike(said, { digest: shownDigest(request).digest, view: seenDigest(seen) })
  await refusedOnRecord(ports, attempt, {
    verb: decision,
    check: () => refuseUnlike(ports, attempt, problems),
  })
  const vote = { ...attempt, reason, typed, seen, ...(mayAskAgain && { mayAskAgain: true as const }) }
  const command: PersonCommand = { verb: decision, attempt: vote }
  return perform(ports, command)
}

/** What is refused before a verb could judge it is recorded as the verbs record theirs. @throws Refusal of `check` */
async function refusedOnRecord(
  ports: Ports,
  attempt: PersonAttempt,
  { verb, check }: { readonly verb: TokenVerb; readonly check: () => Promise<void> },
): Promise<void> {
  try {
    await check()
  } catch (refusal) {
    if (refusal instanceof Refusal) await recordRefusal(ports, attempt, { verb, refusal })
    throw refusal
  }
}

/** @throws Refusal `not_as_seen`, those of `refuseStranger` */
async function refuseUnlike(
  ports: Ports,
  attempt: PersonAttempt,
  problems: readonly Problem[],
): Promise<void> {
  if (problems.length === 0) return
  await refuseStranger(ports, attempt)
  throw new Refusal('not_as_seen', 'a decision about something else than stands there', problems)
}

/**
 * A token does nothing for whoever has left, and whoever may not see a request hears not even what of a guess is right
 * (threats: not-authority).
 *
 * @throws Refusal `not_staff`, `unknown_request`, `directory_unavailable`
 */
async function refuseStranger(ports: Ports, attempt: PersonAttempt): Promise<void> {
  await story(ports, attempt.request, await staffOf(ports, attempt))
}

function unlike(said: TokenDecision, now: Readonly<Record<'digest' | 'view', string>>): readonly Problem[] {
  return (['digest', 'view'] as const)
    .filter((name) => said[name] !== now[name])
    .map((name) => ({
      pointer: `/${name}`,
      detail:
        said[name] === null
          ? `A vote names the ${name} that its person was shown.`
          : `The ${name} is another one now.`,
    }))
}

interface Delivery {
  readonly key: string
  readonly body: string
}

/** The hash of the token's secret goes in, so that nobody can guess from the record what was written. */
function deliveryOf(
  { secretHash }: PersonalToken,
  of: { readonly key: string; readonly request: string; readonly said: TokenDecision },
): Delivery {
  const { key, request, said } = of
  const named = (what: JsonObject) => hash('sha256', canonical({ secretHash, ...what }), 'hex').slice(0, 32)
  return {
    key: `api:${named({ key, request })}`,
    body: named({ key, request, said: { ...said, typed: [...said.typed] } }),
  }
}

/** A key under which something was done does nothing else; what was refused may be sent again, mended. */
async function refuseOtherBody(ports: Ports, { id }: ActionRequest, named: Delivery): Promise<void> {
  const done = (await ports.store.entries(id)).find(
    ({ type, data }) =>
      type !== 'decision.refused' &&
      typeof data.delivery === 'string' &&
      data.delivery.startsWith(`${named.key}:`),
  )
  if (done && done.data.delivery !== `${named.key}:${named.body}`)
    throw new Refusal('idempotency_mismatch', 'a key of a decision with another body')
}

/** What was refused the first time is refused again. */
async function refuseAsBefore(ports: Ports, { request, delivery }: PersonAttempt): Promise<void> {
  const before = (await ports.store.entries(request)).find(({ data }) => data.delivery === delivery)
  const code = before?.type === 'decision.refused' ? before.data.code : null
  if (typeof code === 'string' && Object.hasOwn(refusals, code))
    throw new Refusal(code as RefusalCode, 'refused as it was the first time') // a key of the table
}
