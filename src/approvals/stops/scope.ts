import { administrative } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { StopScope } from '../../core/stop.ts'
import { visible } from '../../core/visible.ts'
import type { StoreReader } from '../ports.ts'

/** What somebody wants to stop, as they say it: an agent by name or id. */
export type WantedScope =
  | Exclude<StopScope, { kind: 'agent' }>
  | { readonly kind: 'agent'; readonly agent: string }

/** The scope as it is recorded, with the name of its agent. */
export interface NamedScope {
  readonly scope: StopScope
  readonly agentName: string | null
}

/** As rules write names of actions. */
const pattern = /^[A-Za-z0-9_*][A-Za-z0-9_.:/*-]{0,127}$/

/** Characters that a reason may have. */
const longestReason = 1_000

/** @throws Refusal `unknown_agent`, `invalid_request` for a pattern that holds nothing */
export async function scopeOf(store: Pick<StoreReader, 'agent'>, wanted: WantedScope): Promise<NamedScope> {
  if (wanted.kind === 'agent') {
    const agent = await store.agent(wanted.agent)
    if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
    return { scope: { kind: 'agent', agent: agent.id }, agentName: agent.name }
  }
  if (wanted.kind === 'action') refusePattern(wanted.pattern)
  return { scope: wanted, agentName: null }
}

function refusePattern(written: string): void {
  const detail = !pattern.test(written)
    ? 'Name an action, in which * stands for anything, such as db.*.'
    : administrative.includes(written)
      ? `${written} is asked for by commands of Countersign only, and no stop holds that.`
      : null
  if (detail)
    throw new Refusal('invalid_request', 'a pattern that holds nothing', [{ pointer: '/pattern', detail }])
}

/** Why, in words that people read later. @throws Refusal `reason_needed`, `invalid_request` when it is too long */
export function reasonOf(written: string): string {
  const reason = written.trim()
  if (visible(reason) === '') throw new Refusal('reason_needed', 'a stop or a resume without a reason')
  if (reason.length > longestReason)
    throw new Refusal('invalid_request', 'a reason that is too long', [
      { pointer: '/reason', detail: `Write at most ${longestReason} characters.` },
    ])
  return reason
}
