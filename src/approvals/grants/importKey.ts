import { Refusal } from '../../core/refusal.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import { givenKey } from './givenKey.ts'
import { byOperator, changeKeys, keyChange, keySteps } from './keyChange.ts'
import { ripeAt, standingOf } from './keyTimes.ts'
import { isTypeable, sealedSigningKey } from './makeSigningKey.ts'
import type { SigningKey } from './records.ts'
import { rotateKeys } from './rotateKeys.ts'

export interface Importing extends Word {
  /** What the file has: a private key (`givenKey`). */
  readonly text: string
  /** Why it has to sign before verifiers have had the time to fetch it; null: it does not have to. */
  readonly early: string | null
}

export interface Imported {
  readonly key: string
  readonly status: 'active' | 'next'
  /** From when on the key may sign: RFC 3339; null for the one that signs. */
  readonly ripe: string | null
  /** The key whose place it has taken, which signs nothing new; null where there was none. */
  readonly instead: string | null
}

/**
 * Makes a key of the operator's the next one, which is published from now on and signs when verifiers have had their day. The next one
 * until now, which has signed nothing, is withdrawn. With a reason (`early`) it is then rotated to at once; whoever is killed in between
 * gives it again. Where no key signs yet, it does.
 *
 * @throws Refusal `invalid_request` for the file, `not_applicable` when that key is or was there, `reason_needed` when `early` is empty, `busy`
 */
export async function importKey(ports: Ports, ask: Importing): Promise<Imported> {
  const { early } = ask
  if (early?.trim() === '') throw new Refusal('reason_needed', 'a key that signs early without a reason')
  const pem = givenKey(ask.text)
  const done = await published(ports, ask, pem)
  if (early === null || done.status === 'active') return done
  // What somebody else has published in between is not what this reason was given for.
  const { active, retired } = await rotateKeys(ports, { ...ask, expects: done.key })
  return { key: active, status: 'active', ripe: null, instead: retired }
}

function published(ports: Ports, ask: Importing, pem: string): Promise<Imported> {
  const steps = keySteps(ports, byOperator(ask, ask.early))
  return changeKeys<Imported>(ports, async (keys) => {
    const { active, next } = standingOf(keys)
    const key = await sealedSigningKey(ports, pem, active ? 'next' : 'active')
    const ripe = active ? new Date(ripeAt(key)).toISOString() : null
    const done = { key: key.id, status: active ? 'next' : 'active', ripe, instead: null } as const
    if (next?.id === key.id && ask.early !== null) return { change: null, done }
    refuseKnown(keys, key)
    const gone = active && next ? [steps.withdrawn(next)] : []
    return {
      change: keyChange(ports, [...gone, steps.given(key)], { keys }),
      done: { ...done, instead: (active && next?.id) ?? null },
    }
  })
}

/** No key ever comes back: one that was retired may have leaked. */
function refuseKnown(keys: readonly SigningKey[], { id }: SigningKey): void {
  const known = keys.find((key) => key.id === id)
  if (known)
    throw refusal(`That key is there already, and is ${known.status}. No key comes back: give another one.`)
  if (!isTypeable(id))
    throw refusal(
      'Its thumbprint begins with a hyphen, which commands would take for an option. Make another one.',
    )
}

function refusal(detail: string): Refusal {
  return new Refusal('not_applicable', 'a key that cannot be one of ours', [{ pointer: '/file', detail }])
}
