import { endLease } from '../approvals/leases/end.ts'
import type { Lease } from '../approvals/leases/records.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { paint, say } from './say.ts'

const states = {
  issuing: paint('yellow', 'issuing'),
  out: paint('yellow', 'out    '),
  expires: paint('red', 'expires'),
  ended: paint('dim', 'ended  '),
} as const satisfies Record<Lease['state'], string>

/** How many lines a page has, unless somebody asks for another number. */
const usualLimit = 50
const largestLimit = 500

export interface ListOptions {
  readonly all?: true
  readonly request?: string
  readonly limit?: string
  readonly before?: string
}

/** What is out, newest first; with `--all` also what has ended. */
export function listLeasesCommand(options: ListOptions): Promise<number> {
  const limit = limitOf(options.limit)
  return withParts(readConfig(), async ({ ports }) => {
    const page = await ports.store.leases({
      ...(!options.all && { states: ['issuing', 'out', 'expires'] }),
      ...(options.request !== undefined && { request: options.request }),
      ...(options.before !== undefined && { before: options.before }),
      limit,
    })
    if (page.length === 0) say(options.all ? 'No credentials so far.' : 'No credentials are out.')
    for (const lease of page) say(lineOf(lease))
    const last = page.at(-1)
    if (last && page.length === limit) say(`More: countersign leases list --before ${last.id}`)
    return 0
  })
}

function lineOf({ id, state, target, request, expiresAt, endedAt, ending }: Lease): string {
  const time = endedAt === null ? `until ${expiresAt}` : `since ${endedAt}`
  const why = ending === null ? '' : `  (${ending})`
  return `${id}  ${states[state]}  ${target}  ${request}  ${time}${why}`
}

/** Ends one by hand. `gone`: the target itself does not exist any more, and whoever has the shell says so. */
export function endLeaseCommand(id: string, options: { readonly gone?: true }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const lease = await endLease(ports, {
      lease: id,
      why: 'by_hand',
      actor: { kind: 'system', id: 'operator', via: 'cli' },
      ...(options.gone && { attested: true }),
    })
    if (lease.state === 'ended') say(`${paint('green', '✓')} ${paint('bold', id)} has ended.`)
    else
      say(
        `${paint('yellow', '!')} ${paint('bold', id)} cannot be taken back: it is out until ${lease.expiresAt}.`,
      )
    return lease.state === 'ended' ? 0 : 1
  })
}

/** @throws Refusal `invalid_request` */
function limitOf(written: string | undefined): number {
  const limit = written === undefined ? usualLimit : Number(written)
  if (Number.isInteger(limit) && limit >= 1 && limit <= largestLimit) return limit
  throw new Refusal('invalid_request', 'a limit that is no number of lines', [
    { pointer: '/limit', detail: `Name a number from 1 to ${largestLimit}.` },
  ])
}
