import { z } from 'zod'
import { durationPattern, secondsIn } from '../core/duration.ts'
import { type FileProblem, readOfOperator } from '../policy/format/ofOperator.ts'
import { properties, text } from '../policy/format/shape.ts'
import type { Source } from '../policy/format/source.ts'

/** An audience that tokens may be made for, and who may relay such a token. */
export interface Audience {
  readonly audience: string
  /** Names of agents. */
  readonly agents: readonly string[]
  /** Other clients of the provider that may have asked for such a token (`azp`). */
  readonly clients: readonly string[]
}

/** One identity provider, as the operator configured it. */
export interface Provider {
  readonly issuer: string
  /** Where it publishes the keys that it signs by. */
  readonly keys: string
  readonly algorithms: readonly string[]
  /** How long after somebody signed in this counts. */
  readonly maxAgeSeconds: number
  readonly audiences: readonly Audience[]
  /** By `sub`: the id of an account in the channel. */
  readonly people: Readonly<Record<string, string>>
}

/** Nothing that a receiver could make itself: no `none`, and no algorithm by which the published key would be the secret (RFC 8725, 3.1 and 3.2). */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

const longest = 86_400

const address = (says: string) =>
  z.string().refine((written) => {
    if (!URL.canParse(written) || /[\s\p{Cc}]/u.test(written)) return false
    const { protocol, username, password, search, hash } = new URL(written)
    const isPlain = username === '' && password === '' && hash === '' && search === ''
    return isPlain && (protocol === 'https:' || protocol === 'http:')
  }, says)

const audienceSchema = properties({
  audience: text(255),
  agents: z.array(text(200)).min(1, 'is an empty list: name the agents that may relay such a token'),
  clients: z.array(text(255)).default([]),
})

const providerSchema = properties({
  issuer: address('must be the address by which the provider names itself, without a query'),
  keys: address('must be the address of its keys (`jwks_uri`), without a query'),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1, 'is an empty list: leave it out for RS256')
    .default(['RS256']),
  max_age: z
    .string()
    .regex(durationPattern, 'must be a duration such as 1h')
    .refine(
      (written) => !durationPattern.test(written) || secondsIn(written) <= longest,
      'must be at most 24h',
    )
    .default('1h'),
  audiences: z.array(audienceSchema).min(1, 'is an empty list: no token could be for anybody').max(200),
  people: z.record(
    text(255),
    z.string().regex(/^[UW][A-Z0-9]{2,31}$/, 'must be a Slack user id, such as U012AB3CD'),
  ),
})

const fileSchema = properties({ providers: z.array(providerSchema).min(1).max(20) })

export type ReadProviders =
  | { readonly providers: readonly Provider[] }
  | { readonly problems: readonly FileProblem[] }

/** The operator's file of identity providers (docs/sign-in.md). Either all of it, checked, or everything that is wrong with it. Nothing is asked. */
export function readProviders(file: string, written: string): ReadProviders {
  const read = readOfOperator(file, written, fileSchema)
  if ('problems' in read) return read
  const { providers } = read.shape
  const problems = doublesIn(providers, read.source)
  if (problems.length > 0) return { problems }
  return {
    providers: providers.map(({ max_age, ...provider }) => ({
      ...provider,
      maxAgeSeconds: secondsIn(max_age),
    })),
  }
}

/** Of two with one name, the second would never be asked. */
function doublesIn(
  providers: readonly z.infer<typeof providerSchema>[],
  source: Source,
): readonly FileProblem[] {
  const issuers = providers.map(({ issuer }) => issuer)
  return providers.flatMap(({ issuer, audiences }, at) => {
    const names = audiences.map(({ audience }) => audience)
    const path = ['providers', at] as const
    return [
      ...(issuers.indexOf(issuer) === at
        ? []
        : [{ ...source.place([...path, 'issuer']), message: 'Two providers have this issuer: keep one.' }]),
      ...names.flatMap((name, nth) =>
        names.indexOf(name) === nth
          ? []
          : [
              {
                ...source.place([...path, 'audiences', nth, 'audience']),
                message: 'Two entries have this audience: keep one, with the agents of both.',
              },
            ],
      ),
    ]
  })
}
