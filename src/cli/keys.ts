import { readFileSync, statSync } from 'node:fs'
import { importKey } from '../approvals/grants/importKey.ts'
import { endOf, ripeAt, rotationAt, standingOf } from '../approvals/grants/keyTimes.ts'
import type { SigningKey } from '../approvals/grants/records.ts'
import { retireKey } from '../approvals/grants/retireKey.ts'
import { rotateKeys } from '../approvals/grants/rotateKeys.ts'
import { Refusal } from '../core/refusal.ts'
import { type Parts, withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

export function listSigningKeysCommand(): Promise<number> {
  return alone(async ({ ports, signing }) => {
    const keys = await ports.store.signingKeys()
    if (keys.length === 0) say('No keys yet: the first start of the server makes them.')
    const { unopened } = await signing.signingKeys.look()
    for (const key of keys) {
      const isClosed = unopened.some(({ kid }) => kid === key.id)
      const state = isClosed ? paint('red', 'does not open') : stateOf(key, ports.clock())
      say(`${key.id}  ${key.status.padEnd(7)}  since ${key.since.slice(0, 16)}Z  ${state}`)
    }
    const { active, next } = standingOf(keys)
    if (active && next)
      say(`The next one signs by itself from ${minuteOf(rotationAt({ active, next }, ports.keyDays))} on.`)
    return 0
  })
}

/** Keys are no matter of Slack's: a leaked one is retired while it is away, too. */
function alone(work: (parts: Parts) => Promise<number>): Promise<number> {
  return withParts(readConfig(), work, { withoutPeople: true })
}

function stateOf(key: SigningKey, now: Date): string {
  const end = endOf(key)
  if (key.status === 'active') return 'signs'
  if (end === null) {
    const ripe = ripeAt(key)
    return now.getTime() < ripe ? `published; may sign from ${minuteOf(ripe)} on` : 'published; may sign'
  }
  if (key.sealed === null || now.getTime() >= end) return 'over'
  return `what it signed is believed until ${minuteOf(end)}`
}

function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}

export function rotateSigningKeyCommand(options: {
  readonly now?: true
  readonly reason?: string
}): Promise<number> {
  return alone(async ({ ports }) => {
    if (!options.now && options.reason !== undefined)
      throw new Refusal('invalid_request', 'a reason for nothing', [
        { pointer: '/reason', detail: 'Only --now needs one.' },
      ])
    const early = options.now ? (options.reason ?? '') : null
    const { active, retired } = await rotateKeys(ports, { via: 'cli', shell: thisShell(), early })
    say(`${paint('green', '✓')} ${paint('bold', active)} signs from now on.`)
    say(oldKey(retired))
    if (early !== null) say(costOfHaste)
    return 0
  })
}

export function importSigningKeyCommand(
  file: string,
  options: { readonly activate?: true; readonly reason?: string },
): Promise<number> {
  const text = textOf(file)
  return alone(async ({ ports }) => {
    if (!options.activate && options.reason !== undefined)
      throw new Refusal('invalid_request', 'a reason for nothing', [
        { pointer: '/reason', detail: 'Only --activate needs one.' },
      ])
    const early = options.activate ? (options.reason ?? '') : null
    const { key, status, ripe, instead } = await importKey(ports, {
      via: 'cli',
      shell: thisShell(),
      text,
      early,
    })
    const signs = status === 'active'
    say(
      `${paint('green', '✓')} ${paint('bold', key)} ${signs ? 'signs from now on.' : 'is the next key, and published.'}`,
    )
    if (ripe !== null)
      say(
        `It may sign from ${minuteOf(Date.parse(ripe))} on: countersign keys rotate, or by itself when it is time.`,
      )
    if (instead !== null)
      say(
        signs
          ? oldKey(instead)
          : `${instead}, which was to be the next one and has signed nothing, is withdrawn.`,
      )
    if (early !== null) say(costOfHaste)
    if (isReadByOthers(file)) say(`${paint('yellow', '!')} Others on this machine can read ${file}.`)
    say(`It stands sealed in the database. Delete ${file}, or keep it where you keep your secrets.`)
    return 0
  })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Refusal('invalid_request', 'a file that cannot be read', [
      { pointer: '/file', detail: `${file} cannot be read.` },
    ])
  }
}

function isReadByOthers(file: string): boolean {
  return (statSync(file).mode & 0o077) !== 0
}

const oldKey = (kid: string) =>
  `${kid} signs nothing new; what it signed is believed for another 15 minutes at most.`

/** What an early rotation costs, said where it was asked for. */
const costOfHaste =
  'Verifiers that have not fetched our keys since this one was published refuse new grants until they do: those that keep to our 5 minutes soon, others within a day.'

export function retireSigningKeyCommand(key: string, options: { readonly reason: string }): Promise<number> {
  return alone(async ({ ports }) => {
    const { active, signed } = await retireKey(ports, {
      via: 'cli',
      shell: thisShell(),
      key,
      reason: options.reason,
    })
    say(
      `${paint('green', '✓')} ${paint('bold', key)} is retired: nothing that it signed is redeemed any more.`,
    )
    say(
      'Whoever verifies grants without asking us accepts them until they fetch our keys again: 5 minutes, if they keep to what we say.',
    )
    if (signed) say(`${active} signs. ${costOfHaste}`)
    return 0
  })
}
