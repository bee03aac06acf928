import { onlyClaimed, saidBy } from '../approvals/people/word.ts'
import type { StoreReader } from '../approvals/ports.ts'
import { makeStop } from '../approvals/stops/make.ts'
import type { Stop } from '../approvals/stops/records.ts'
import { resumeStop } from '../approvals/stops/resume.ts'
import type { WantedScope } from '../approvals/stops/scope.ts'
import { cut, revealLine } from '../card/text.ts'
import { saidOf } from '../core/stop.ts'
import type { Actor } from '../ledger/entry.ts'
import { withParts, withStore } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { withStopPorts } from '../server/stopPorts.ts'
import { sayAsked } from './askedText.ts'
import { paint, say } from './say.ts'

/** What is asked of everybody who stops something. */
export interface Why {
  readonly reason: string
}

/** On the word of whoever has the shell: it only takes away. */
export function stopCommand(what: WantedScope, { reason }: Why): Promise<number> {
  return withStopPorts(readConfig(), async (ports) => {
    const word = { via: 'cli', shell: thisShell() }
    const by = { kind: 'system', id: 'operator', via: word.via } as const
    const stop = await makeStop(ports, { what, reason, by, said: saidBy(word, onlyClaimed) })
    if (!stop) return 1 // only a delivery that has a name can have come before
    say(`${paint('red', '■')} Stopped: ${paint('bold', await scopeText(ports.store, stop))} (${stop.id}).`)
    say('Every replica refuses from now on. What was approved and not used is revoked; what waits is held.')
    say(`To resume it: countersign resume ${stop.id} --by <person> --reason <text>. Somebody else decides.`)
    return 0
  })
}

/** So many at once: the rest is asked for with `--before`. */
const pageSize = 20

export function stopsCommand(options: { readonly before?: string }): Promise<number> {
  return withStore(readConfig(), async (store) => {
    for (const line of await stopsText(store, options)) say(line)
    return 0
  })
}

/** What stands comes first, however old it is; then the others, page by page. */
export async function stopsText(
  store: Pick<StoreReader, 'standingStops' | 'stops' | 'agent' | 'account'>,
  { before }: { readonly before?: string },
): Promise<readonly string[]> {
  const { stops: standing } = before === undefined ? await store.standingStops() : { stops: [] }
  const page = await store.stops({ limit: pageSize, ...(before !== undefined && { before }) })
  const lines: string[] = []
  if (before === undefined && standing.length === 0) lines.push('Nothing is stopped.')
  for (const stop of standing.toReversed()) lines.push(...(await stopLines(store, stop)))
  for (const stop of page) if (stop.resumed) lines.push(...(await stopLines(store, stop)))
  const last = page.length === pageSize ? page.at(-1) : undefined
  if (last) lines.push(`Older ones: countersign stops --before ${last.id}`)
  return lines
}

async function stopLines(
  store: Pick<StoreReader, 'agent' | 'account'>,
  stop: Stop,
): Promise<readonly string[]> {
  const { id, at, by, reason, resumed } = stop
  const state = resumed ? paint('dim', 'resumed') : paint('red', 'stopped')
  const prose = (text: string) => cut(revealLine(text), 300)
  return [
    `${id}  ${state}  ${await scopeText(store, stop)}, since ${at}, by ${await actorText(store, by)}: ${prose(reason)}`,
    ...(resumed
      ? [`  resumed ${resumed.at}, by ${await actorText(store, resumed.by)}: ${prose(resumed.reason)}`]
      : []),
  ]
}

async function scopeText(store: Pick<StoreReader, 'agent'>, { scope }: Stop): Promise<string> {
  const agent = scope.kind === 'agent' ? await store.agent(scope.agent) : null
  return saidOf(scope, agent?.name)
}

/** By the account that did it, whoever that is said to belong to by now. */
async function actorText(
  store: Pick<StoreReader, 'account'>,
  { kind, id, account, via }: Actor,
): Promise<string> {
  const known = kind === 'person' && account !== undefined ? await store.account(account) : null
  const who = known ? cut(revealLine(known.name), 80) : kind === 'policy' ? 'the policy' : id
  return `${who} (${via})`
}

export function resumeCommand(id: string, options: Why & { readonly by: string }): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const resumed = await resumeStop(ports, {
      stop: id,
      by: personClaim(options.by),
      reason: options.reason,
      via: 'cli',
      shell: thisShell(),
    })
    if (resumed.outcome === 'unconfirmed') {
      say('Nothing is resumed yet, and nobody else is asked yet.')
      sayAsked(resumed.confirmation, config)
      return 0
    }
    const { request } = resumed
    if (request.state === 'pending') {
      say(`Approval has been asked for (${request.id}). Until then the stop holds.`)
      return 0
    }
    say(
      request.state === 'approved'
        ? `Nothing is resumed: the policy allows stop.resume without asking anybody, and a second person has to decide it (${request.id}). Change the rule.`
        : `${request.outcome} (${request.id})`,
    )
    return 1
  })
}
