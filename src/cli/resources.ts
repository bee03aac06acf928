import {
  addResource,
  type IssuedResource,
  revokeResource,
  rotateResource,
} from '../approvals/grants/resources.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

export function addResourceCommand(name: string, options: { readonly audience: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const issued = await addResource(ports, { name, audience: options.audience, ...word() })
    say(`${paint('green', '✓')} ${paint('bold', name)} is registered (${issued.resource.id}).`)
    sayResourceKey(issued)
    return 0
  })
}

export function rotateResourceCommand(name: string, options: { readonly now?: true }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const issued = await rotateResource(ports, { name, endsNow: options.now === true, ...word() })
    const { earlier } = issued.resource
    const before = earlier ? `the one before works until ${earlier.until}` : 'the old ones no longer work'
    say(`${paint('green', '✓')} ${paint('bold', name)} has a new key; ${before}.`)
    sayResourceKey(issued)
    return 0
  })
}

export function revokeResourceCommand(name: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    await revokeResource(ports, { name, ...word() })
    say(`${paint('green', '✓')} ${paint('bold', name)} is revoked, and so is its key.`)
    return 0
  })
}

/** By name; `after` is the last name of the page before. */
export function listResourcesCommand(options: {
  readonly limit: string
  readonly after?: string
}): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const limit = pageSize(options.limit)
    const { after = '' } = options
    const all = (await ports.store.resources()).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const left = all.filter(({ name }) => name > after)
    const page = left.slice(0, limit)
    if (all.length === 0)
      say('No resources yet. Register one with: countersign resources add <name> --audience <uri>')
    const now = ports.clock().toISOString()
    for (const { name, id, audience, status, earlier, createdAt } of page) {
      const before = earlier && now < earlier.until ? `  earlier key until ${earlier.until}` : ''
      say(`${name}  ${status.padEnd(7)}  ${id}  ${audience}  since ${createdAt.slice(0, 10)}${before}`)
    }
    const last = page.at(-1)
    if (last && left.length > page.length)
      say(`More: countersign resources list --limit ${limit} --after ${last.name}`)
    return 0
  })
}

/** @throws Refusal `invalid_request` */
function pageSize(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit
  throw new Refusal('invalid_request', 'a page size that cannot be', [
    { pointer: '/limit', detail: 'Name a whole number from 1 to 1000.' },
  ])
}

function word() {
  return { via: 'cli', shell: thisShell() }
}

function sayResourceKey({ resource, credential }: IssuedResource): void {
  say()
  say(`  COUNTERSIGN_RESOURCE_KEY=${paint('cyan', credential)}`)
  say()
  say(`It is shown only now. It redeems grants for ${resource.audience} and does nothing else.`)
}
