import {
  addAuditorKey,
  type IssuedAuditorKey,
  revokeAuditorKey,
  rotateAuditorKey,
} from '../approvals/people/auditorKeys.ts'
import { accountOf, currentPerson } from '../approvals/people/currentPeople.ts'
import { withParts } from '../server/compose.ts'
import { type Config, readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
import { paint, say } from './say.ts'

interface Days {
  readonly days: string
}

export function addAuditorCommand(options: Days & { readonly person: string }): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const person = personClaim(options.person)
    sayIssued(await addAuditorKey(ports, { person, days: Number(options.days), ...word() }), config)
    return 0
  })
}

export function rotateAuditorCommand(id: string, options: Days): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    sayIssued(await rotateAuditorKey(ports, { key: id, days: Number(options.days), ...word() }), config)
    say(`Until then ${id} goes on working; it ends when the new one is confirmed.`)
    return 0
  })
}

export function revokeAuditorCommand(id: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    await revokeAuditorKey(ports, { key: id, ...word() })
    say(`${paint('green', '✓')} ${paint('bold', id)} is revoked.`)
    return 0
  })
}

/** Keys on a page. */
const pageSize = 50

/** Newest first; `before` is the last one of the page before. */
export function listAuditorsCommand(options: { readonly before?: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const { before } = options
    const keys = await ports.store.auditorKeys({ limit: pageSize, ...(before !== undefined && { before }) })
    if (keys.length === 0)
      say('No keys of auditors. Make one with: countersign auditors add --person <person>')
    const now = ports.clock().toISOString()
    for (const key of keys) {
      const person = await accountOf(ports, await currentPerson(ports, key.person))
      const state = key.status === 'active' && now >= key.endsAt ? 'over' : key.status
      const use = key.usedAt === null ? 'never used' : `reading since ${key.usedAt.slice(0, 16)}Z`
      say(
        `${key.id}  ${state.padEnd(11)}  ${person?.name ?? key.account}  until ${key.endsAt.slice(0, 10)}  ${use}`,
      )
    }
    const last = keys.at(-1)
    if (last && keys.length === pageSize) say(`More: countersign auditors list --before ${last.id}`)
    return 0
  })
}

function sayIssued(
  { key, credential, confirmation }: IssuedAuditorKey,
  config: Pick<Config, 'slack' | 'teams'>,
): void {
  say(`${paint('green', '✓')} ${paint('bold', key.id)} is made, until ${key.endsAt.slice(0, 10)}.`)
  say()
  say(`  COUNTERSIGN_AUDITOR_KEY=${paint('cyan', credential)}`)
  say()
  say(
    'It is shown only now. It reads everything that is recorded, as its person, while the policy names them',
  )
  say('under "auditors"; it decides and changes nothing. That it reads is recorded.')
  sayAsked(confirmation, config)
}

function word() {
  return { via: 'cli', shell: thisShell() }
}
