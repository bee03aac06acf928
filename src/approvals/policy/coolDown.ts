import { digestAction } from '../../core/action.ts'
import type { Verdict } from '../../core/request.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { CoolDownRead } from '../change.ts'
import { accountOf, currentPerson } from '../people/currentPeople.ts'
import type { Ports } from '../ports.ts'
import type { CoolDown } from '../records.ts'

/** What was found out about an action that people would be asked about. */
interface Cooling {
  /** For the commit: what is asked is asked only while this is still so. */
  readonly read: CoolDownRead
  /** The denial that it becomes, or null when people are asked. */
  readonly verdict: Verdict | null
}

/**
 * Whether a person has denied this action of this agent so short a while ago that the same is denied at once, without
 * asking anybody: otherwise people are asked until they give in (threats: varied-flood). It answers only what would ask people:
 * what policy allows flows, what it denies stays denied for its own reasons. How long it counts is what the bundle says now.
 */
export async function coolingDown(
  ports: Pick<Ports, 'store' | 'clock'>,
  bundle: Bundle,
  asked: { readonly ask: Ask; readonly verdict: Verdict },
): Promise<Cooling> {
  const { ask, verdict } = asked
  const [agent, digest] = [ask.agent.id, digestAction(ask.action)]
  const denied = await ports.store.coolDown(agent, digest)
  const read = { agent, digest, request: denied?.request ?? null }
  const until = denied && endOf(denied, bundle)
  if (!denied || until === null || ports.clock().toISOString() >= until) return { read, verdict: null }
  const who = await accountOf(ports, await currentPerson(ports, denied.person))
  return { read, verdict: denialUntil(verdict, { denied, until, by: who?.name ?? denied.person }) }
}

function endOf({ at }: CoolDown, { brakes }: Bundle): string {
  return new Date(Date.parse(at) + brakes.denyCooldownSeconds * 1_000).toISOString()
}

function denialUntil(
  verdict: Verdict,
  { denied, until, by }: { readonly denied: CoolDown; readonly until: string; readonly by: string },
): Verdict {
  const { request, person, at } = denied
  const message = `${by} denied exactly this on ${said(at)} (${request}). Until ${said(until)} it is denied at once, and nobody is asked.`
  return {
    ...verdict,
    kind: 'deny',
    code: 'cooling_down',
    message,
    facts: { ...verdict.facts, cooling_down: { request, person, at, until } },
  }
}

/** `2026-11-24 14:13:00 UTC` */
function said(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`
}
