import { importJWK } from 'jose'
import { z } from 'zod'
import type { AgeClock } from '../../lifetime/ageClock.ts'

/** One of the keys that sign what Teams sends. */
interface ConnectorKey {
  readonly key: Awaited<ReturnType<typeof importJWK>>
  /** The channels for which it may sign. */
  readonly endorsements: readonly string[]
}

/** What stands at the address of the keys. @throws when it does not answer as it should */
export type ReadKeys = () => Promise<string>

/** The keys that sign what Teams sends, as far as they are known. */
export interface ConnectorKeys {
  /** Null: there is none of that name. @throws KeysUnknown */
  find(kid: string): Promise<ConnectorKey | null>
}

/** Nobody knows the keys now. The message says why, for the log. */
export class KeysUnknown extends Error {
  override readonly name = 'KeysUnknown'
}

/** Milliseconds. */
export const keyLimits = {
  /** Then they are asked for again: so long after one was withdrawn it still counts. */
  fresh: 60 * 60_000,
  /** So long they count while nobody answers. */
  kept: 24 * 60 * 60_000,
  /** So often they are asked for because a token names a key that is not among them: a new one is found, and nobody floods the service. */
  forOneMore: 60_000,
  /** So long nobody is asked again after there was no answer. */
  afterFault: 5_000,
} as const

const published = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.string(),
        kid: z.string().min(1).optional(),
        use: z.string().optional(),
        n: z.string().optional(),
        e: z.string().optional(),
        endorsements: z.array(z.string()).optional(),
      }),
    )
    .max(200),
})

interface Known {
  readonly byId: ReadonlyMap<string, ConnectorKey>
  /** By the age clock, when they were asked for. */
  readonly at: number
}

/** Keys are asked for when they are wanted, by one question at a time, and remembered. A failure changes nothing that is known. */
export function createConnectorKeys(read: ReadKeys, ages: AgeClock): ConnectorKeys {
  let known: Known | null = null
  /** When they were last asked for, whatever came of it. */
  let tried: { readonly at: number; readonly why: KeysUnknown | null } | null = null
  let asking: Promise<Known> | null = null
  // Clocks that disagree make every age a guess.
  ages.onJump(() => {
    known = null
    tried = null
  })
  const answered = async (): Promise<Known> => {
    const at = ages.now()
    tried = { at, why: null }
    try {
      known = { byId: await keysIn(await read()), at }
      return known
    } catch (cause) {
      const why = new KeysUnknown(cause instanceof Error ? cause.message : 'no answer', { cause })
      tried = { at: ages.now(), why }
      throw why
    }
  }
  const ask = (): Promise<Known> => {
    if (tried?.why && ages.now() - tried.at < keyLimits.afterFault) return Promise.reject(tried.why)
    asking ??= answered().finally(() => {
      asking = null
    })
    return asking
  }
  const present = async (): Promise<Known> => {
    // First: it finds out when the clocks disagree, and then nothing is known any more.
    const now = ages.now()
    const before = known
    const age = before ? now - before.at : Number.POSITIVE_INFINITY
    if (before && age < keyLimits.fresh) return before
    try {
      return await ask()
    } catch (why) {
      if (before && age < keyLimits.kept) return before
      throw why
    }
  }
  return {
    async find(kid) {
      const now = await present()
      const found = now.byId.get(kid)
      if (found) return found
      if (!asking && tried && ages.now() - tried.at < keyLimits.forOneMore) return null
      return (await ask()).byId.get(kid) ?? null
    },
  }
}

/** Only RSA keys for signatures, by their names; of two with one name neither counts. @throws when it is no set of keys */
async function keysIn(text: string): Promise<ReadonlyMap<string, ConnectorKey>> {
  const { keys } = parsed(text)
  const byId = new Map<string, ConnectorKey>()
  const twice = new Set<string>()
  for (const { kid, kty, use = 'sig', n, e, endorsements = [] } of keys) {
    if (kid === undefined || n === undefined || e === undefined || kty !== 'RSA' || use !== 'sig') continue
    if (byId.has(kid)) twice.add(kid)
    const key = await importJWK({ kty, n, e }, 'RS256').catch(() => null)
    if (key) byId.set(kid, { key, endorsements })
  }
  for (const kid of twice) byId.delete(kid)
  if (byId.size === 0) throw new Error('it answered with no key that signs')
  return byId
}

function parsed(text: string): z.infer<typeof published> {
  try {
    return published.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error('it answered with something that is no set of keys', { cause })
  }
}
