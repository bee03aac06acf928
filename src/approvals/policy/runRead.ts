import type { ActionRequest, Verdict } from '../../core/request.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { storedFacts } from '../../policy/facts.ts'
import { type EarlierRead, runFactsFrom } from '../../policy/runFacts.ts'
import type { Ports } from '../ports.ts'
import type { FoundRead } from '../queries.ts'

/** Reads that are looked at; who has read more than this within the window is taken to have read anything. */
export const mostReads = 1_000

/** Who acts in which run, as the agent says; and what is being judged, which is no part of what was read before. */
interface Running {
  readonly agent: string
  readonly run: ActionRequest['run']
  readonly action: string
  readonly except?: string
  /** What is asked for in the same commit, as if it had been read already. */
  readonly beside?: readonly EarlierRead[]
}

/**
 * What the run of an action has read before, where a rule of the active bundle goes by that; nothing elsewhere, and where it cannot be known: a
 * condition that reads it then fails, which counts the stricter way. It is read from the database as it is now, so a read that was
 * committed on any replica before this began is among it.
 *
 * A session is what the agent says, so a new one starts with nothing forgotten (threats: new-session): only one that is older than the window stands
 * for itself, with what names no session.
 */
export async function runRead(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  bundle: Bundle | null,
  { agent, run, action, except, beside = [] }: Running,
): Promise<Pick<Ask, 'run'>> {
  if (!bundle?.run?.actions.has(action)) return {}
  const now = clock()
  const since = new Date(now.getTime() - bundle.run.windowSeconds * 1_000).toISOString()
  const session = run?.session ?? null
  const [found, isOld] = await Promise.all([
    store.earlierReads({ agent, since, limit: mostReads + 1 }),
    session !== null && store.hadSession({ agent, session, by: since }),
  ])
  if (found.length > mostReads) return {}
  const counted = found
    .filter(({ id, run: its }) => id !== except && (!isOld || (its?.session ?? session) === session))
    .map((one) => readAt(one, now))
    .filter(({ at }) => at >= since)
  const facts = runFactsFrom([...beside, ...counted], {
    inventory: bundle.inventory,
    since,
    of: isOld ? 'session' : 'agent',
  })
  return facts ? { run: facts } : {}
}

/** What others of its commit may read of the run by it: nobody says in which order they are done. */
export function readTogether(
  { action }: Pick<ActionRequest, 'action'>,
  { effect, verdict }: { readonly effect: string | null; readonly verdict: Verdict },
  now: Date,
): readonly EarlierRead[] {
  if (effect !== 'read' || verdict.kind === 'deny') return []
  const { resource } = action
  return [{ request: 'together', at: now.toISOString(), resource, facts: storedFacts(verdict.facts) }]
}

/** A store in which agents have read, too, what the same commit is going to let through. */
export function alsoReading(store: Ports['store'], released: () => readonly ActionRequest[]): Ports['store'] {
  return {
    ...store,
    async earlierReads(asked) {
      const beside = released().filter(({ agent, effect }) => agent.id === asked.agent && effect === 'read')
      return [...beside, ...(await store.earlierReads(asked))]
    },
  }
}

/** A grant may be used until it ends, so what has one that nobody redeemed yet may be read at any moment. */
function readAt({ id, action, verdict, settledAt, grant }: FoundRead, now: Date): EarlierRead {
  const usable =
    grant && [grant.expiresAt, now.toISOString()].map((at) => new Date(at).toISOString()).sort()[0]
  const at = grant?.redeemed?.at ?? usable ?? settledAt ?? now.toISOString()
  return { request: id, at, resource: action.resource, facts: storedFacts(verdict.facts) }
}
