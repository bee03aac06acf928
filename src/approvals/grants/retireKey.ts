import { Refusal } from '../../core/refusal.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import { byOperator, changeKeys, type KeyStep, keyChange, keySteps, opens } from './keyChange.ts'
import { standingOf } from './keyTimes.ts'
import { makeSigningKey } from './makeSigningKey.ts'
import type { SigningKey } from './records.ts'

export interface Retiring extends Word {
  /** The `kid`. */
  readonly key: string
  readonly reason: string
}

export interface Retired {
  /** The key that signs now. */
  readonly active: string | null
  /** Whether the retired one did until now. */
  readonly signed: boolean
}

/**
 * Ends a key at once, such as one that has leaked: it is published no more, what it signed is not believed any more, and its private
 * part is erased. Where it was the one that signs, the next one does from now on, however young it is, or a new one when that does
 * not open.
 *
 * @throws Refusal `not_applicable` when there is no such key, or it has ended already; `reason_needed`; `busy`
 */
export async function retireKey(ports: Ports, ask: Retiring): Promise<Retired> {
  if (ask.reason.trim() === '') throw new Refusal('reason_needed', 'a key retired without a reason')
  const steps = keySteps(ports, byOperator(ask, ask.reason))
  const newNext = async () => steps.created(await makeSigningKey(ports, 'next'))
  await changeKeys(ports, async (keys) => {
    const made = await successor(ports, { keys, steps, newNext, ask })
    return { change: made.length > 0 ? keyChange(ports, made, { keys }) : null, done: undefined }
  })
  return changeKeys<Retired>(ports, async (keys) => {
    const { active, next } = standingOf(keys)
    const key = countingKey(keys, ask.key)
    const withdrawn = steps.withdrawn(key)
    const change = (more: readonly KeyStep[]) => keyChange(ports, [withdrawn, ...more], { keys })
    if (key.status === 'retired')
      return { change: change([]), done: { active: active?.id ?? null, signed: false } }
    if (key.status === 'next')
      return { change: change([await newNext()]), done: { active: active?.id ?? null, signed: false } }
    if (!next) throw new Refusal('busy', 'the next key was taken away meanwhile')
    return {
      change: change([steps.activated(next), await newNext()]),
      done: { active: next.id, signed: true },
    }
  })
}

/** @throws Refusal `not_applicable` */
function countingKey(keys: readonly SigningKey[], id: string): SigningKey {
  const key = keys.find((one) => one.id === id)
  if (key && key.sealed !== null) return key
  throw new Refusal('not_applicable', 'no signing key of that id that counts', [
    { pointer: '/kid', detail: 'No key of that id counts any more. See: countersign keys list' },
  ])
}

/** Where the key that signs is retired, and the next one does not open, that one is replaced first: one has to sign. */
async function successor(
  ports: Ports,
  by: {
    readonly keys: readonly SigningKey[]
    readonly steps: ReturnType<typeof keySteps>
    readonly newNext: () => Promise<KeyStep>
    readonly ask: Retiring
  },
): Promise<readonly KeyStep[]> {
  const { next } = standingOf(by.keys)
  if (countingKey(by.keys, by.ask.key).status !== 'active') return []
  if (next && (await opens(ports, next))) return []
  return [...(next ? [by.steps.withdrawn(next)] : []), await by.newNext()]
}
