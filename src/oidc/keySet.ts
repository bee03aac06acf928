import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { AgeClock } from '../lifetime/ageClock.ts'

/** What stands at an address. @throws when it does not answer as it should */
export type ReadDocument = (url: string) => Promise<string>

/** The keys of a provider, as far as they are known. */
export interface KeySet {
  /** The key that a token says it is signed by. @throws KeysUnknown, or an error of jose when the provider publishes no such key */
  readonly keyFor: JWTVerifyGetKey
}

/** Nobody knows the keys now. The message says why, for the log. */
export class KeysUnknown extends Error {
  override readonly name = 'KeysUnknown'
}

/** Milliseconds. */
const limits = {
  /** Then they are asked for again: so long after a provider has withdrawn a key it still counts. */
  fresh: 10 * 60_000,
  /** So long they count while the provider does not answer. */
  kept: 60 * 60_000,
  /** So often they are asked for because a token names a key that is not among them: a new key is found, and nobody floods the provider. */
  forOneMore: 60_000,
  /** So long nobody is asked again after there was no answer: who waits is told at once. */
  afterFault: 5_000,
} as const

const published = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

interface Known {
  readonly find: ReturnType<typeof createLocalJWKSet>
  /** By the age clock. */
  readonly at: number
}

/** Keys are asked for when they are wanted, by one question at a time, and remembered for a while. */
export function createKeySet(url: string, read: ReadDocument, ages: AgeClock): KeySet {
  const { ask, last } = oneQuestion(url, read, ages)
  const present = async (): Promise<Known> => {
    // First: it finds out when the clocks disagree, and then nothing is known any more.
    const now = ages.now()
    const known = last()
    const age = known ? now - known.at : Number.POSITIVE_INFINITY
    if (known && age < limits.fresh) return known
    try {
      return await ask()
    } catch (why) {
      if (known && age < limits.kept) return known
      throw why
    }
  }
  return {
    async keyFor(header, token) {
      const now = await present()
      try {
        return await now.find(header, token)
      } catch (error) {
        const isMissing = error instanceof errors.JWKSNoMatchingKey
        if (!isMissing || ages.now() - now.at < limits.forOneMore) throw error
        const { find } = await ask()
        return find(header, token)
      }
    },
  }
}

interface Questions {
  /** @throws KeysUnknown */
  readonly ask: () => Promise<Known>
  /** What was answered last; null when that counts no more. */
  readonly last: () => Known | null
}

/** However many want to know at once, one question is on its way. */
function oneQuestion(url: string, read: ReadDocument, ages: AgeClock): Questions {
  let known: Known | null = null
  let fault: { readonly at: number; readonly why: KeysUnknown } | null = null
  let asking: Promise<Known> | null = null
  // Clocks that disagree make every age a guess.
  ages.onJump(() => {
    known = null
    fault = null
  })
  const answered = async (): Promise<Known> => {
    const at = ages.now()
    try {
      known = { find: createLocalJWKSet(await publishedKeys(url, read)), at }
      fault = null
      return known
    } catch (cause) {
      const why = new KeysUnknown(cause instanceof Error ? cause.message : 'no answer', { cause })
      fault = { at: ages.now(), why }
      throw why
    }
  }
  return {
    last: () => known,
    ask() {
      if (fault && ages.now() - fault.at < limits.afterFault) return Promise.reject(fault.why)
      asking ??= answered().finally(() => {
        asking = null
      })
      return asking
    },
  }
}

/** The keys that stand at an address now. @throws when it does not answer, or with something else */
export async function publishedKeys(url: string, read: ReadDocument): Promise<z.infer<typeof published>> {
  const text = await read(url)
  try {
    return published.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error('it answered with something that is no set of keys', { cause })
  }
}
