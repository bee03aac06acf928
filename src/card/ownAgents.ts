import type { Passage } from './passage.ts'
import { listed, nothing, onDay, ours, outside, say, strong, type Text, warning } from './span.ts'

/** An agent as its owner sees it. */
interface ShownAgent {
  readonly agent: { readonly name: string; readonly status: 'unconfirmed' | 'active' | 'revoked' }
  /** Those that were not revoked. */
  readonly keys: readonly ShownKey[]
  /** How many of its requests wait for people. */
  readonly open: number
}

interface ShownKey {
  readonly id: string
  readonly status: 'unconfirmed' | 'active' | 'revoked'
  readonly createdAt: string
  readonly expiresAt: string | null
}

/** When things stand so, and of how many. */
interface Showing {
  /** RFC 3339. */
  readonly now: string
  /** RFC 3339: a key that ends before is about to. */
  readonly soon: string
  /** How many there are, with those that are not shown. */
  readonly count: number
  /** As many requests as were counted: of more nobody knows how many. */
  readonly mostCounted: number
}

/** A line for each agent, and its keys beside it. */
export function agentPassages(agents: readonly ShownAgent[], showing: Showing): readonly Passage[] {
  const more = showing.count - agents.length
  return [
    ...agents.flatMap((one) => passagesOf(one, showing)),
    ...(more > 0
      ? [{ note: say`and ${more} more; what is typed with their names works for them, too` }]
      : []),
  ]
}

function passagesOf(shown: ShownAgent, showing: Showing): readonly Passage[] {
  const { agent, keys, open } = shown
  const isStuck = agent.status === 'active' && !keys.some((key) => worksAt(key, showing.now))
  const state =
    agent.status === 'unconfirmed'
      ? say`${warning} not confirmed yet, so it can do nothing`
      : isStuck
        ? say`${warning} no key that works`
        : say`active`
  return [
    { line: say`${strong`${outside(agent.name, 80)}`}: ${state}; ${waiting(open, showing.mostCounted)}` },
    ...keys.map((key) => ({ note: keyLine(key, showing) })),
  ]
}

function worksAt({ status, expiresAt }: ShownKey, now: string): boolean {
  return status === 'active' && (expiresAt === null || now < expiresAt)
}

function waiting(open: number, mostCounted: number): Text {
  if (open === 0) return say`nothing of it waits`
  if (open === 1) return say`one request waits`
  return open < mostCounted ? say`${open} requests wait` : say`${mostCounted} requests wait, or more`
}

function keyLine(key: ShownKey, { now, soon }: Showing): Text {
  const { id, status, createdAt, expiresAt } = key
  const unconfirmed = status === 'unconfirmed' ? say`, not confirmed yet` : nothing
  const end =
    expiresAt === null
      ? say`, without an end`
      : expiresAt <= now
        ? say`. ${warning} It expired ${onDay(expiresAt)}`
        : expiresAt <= soon
          ? say`. ${warning} It expires ${onDay(expiresAt)}`
          : say`, until ${onDay(expiresAt)}`
  return say`${ours(id)}, made ${onDay(createdAt)}${unconfirmed}${end}`
}

/** What ends with an agent, for whoever is about to end it. */
export function revokingPassages({
  agent,
  keys,
  open,
  named,
  mostCounted,
}: Pick<ShownAgent, 'agent' | 'keys' | 'open'> & {
  /** Some of the requests that wait, in words. */
  readonly named: readonly string[]
  readonly mostCounted: number
}): readonly Passage[] {
  const works = keys.length === 1 ? say`Its key ends` : say`Its ${keys.length} keys end`
  const more = open > named.length && named.length > 0 ? say`, and others` : nothing
  const which = named.length > 0 ? say`: ${listed(named.map((one) => [outside(one, 200)]))}${more}` : nothing
  return [
    {
      line: say`Revoke ${strong`${outside(agent.name, 80)}`}? It cannot be undone, and no other agent can ever have its name.`,
    },
    {
      line: say`${keys.length === 0 ? say`It has no key` : works}, and so do credentials that it was issued. What was approved and not used cannot be used any more.`,
    },
    {
      line:
        open === 0
          ? say`Nothing of it waits for people.`
          : say`${open === 1 ? say`One request that waits is` : open < mostCounted ? say`${open} requests that wait are` : say`All requests that wait, ${mostCounted} or more, are`} cancelled${which}.`,
    },
  ]
}
