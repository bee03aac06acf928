import { calculateJwkThumbprint } from 'jose'
import type { JsonObject } from '../../core/json.ts'
import { stringIn } from '../../evidence/facts.ts'
import type { Line } from '../../evidence/query.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { Gathered } from './gather.ts'
import type { PackSink, PackSource } from './pack.ts'

/**
 * The public keys by which grants are verified, and from when to when each counted, as the entries say it. A key is in it when an
 * entry says that it was made; its `kid`, which the entry has, is its thumbprint (RFC 7638). A part has none: it has not these entries.
 *
 * @throws TreeFault when the public part of a key is gone, or is another
 */
export async function packGrantKeys(
  { beside }: Pick<PackSource, 'beside'>,
  sink: PackSink,
  { subjects }: Gathered,
): Promise<void> {
  const made = [...subjects].flatMap(([kid, lines]) =>
    lines.some(({ entry }) => entry.type === 'key.created') ? [{ kid, lines }] : [],
  )
  const publics = new Map((await beside.grantKeys()).map((jwk) => [stringIn(jwk, 'kid'), jwk]))
  const keys: JsonObject[] = []
  for (const { kid } of made) keys.push(await soundKey(kid, publics.get(kid)))
  await sink.file('keys/grants-jwks.json', `${JSON.stringify({ keys }, null, 2)}\n`)
  await sink.file('keys/grants-history.json', `${JSON.stringify(made.map(historyOf), null, 2)}\n`)
}

async function soundKey(kid: string, jwk: JsonObject | undefined): Promise<JsonObject> {
  const [kty, n, e] = [stringIn(jwk, 'kty'), stringIn(jwk, 'n') ?? '', stringIn(jwk, 'e') ?? '']
  const print = jwk && kty === 'RSA' ? await calculateJwkThumbprint({ kty, n, e }) : null
  if (print !== kid) throw new TreeFault(`the public part of the signing key ${kid} is gone, or is another`)
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' }
}

/** When each thing happened to it; null: it did not until the end of the period. */
function historyOf({ kid, lines }: { readonly kid: string; readonly lines: readonly Line[] }): JsonObject {
  const of = (type: string) => lines.find(({ entry }) => entry.type === type)
  const [made, signs, retired] = [of('key.created'), of('key.activated'), of('key.retired')]
  const began = stringIn(made?.entry.data, 'status') === 'active' ? made : signs
  return {
    kid,
    published_from: made?.entry.ts ?? null,
    signs_from: began?.entry.ts ?? null,
    signs_until: retired?.entry.ts ?? null,
    believed_until: retired ? (stringIn(retired.entry.data, 'believed_until') ?? retired.entry.ts) : null,
    entries: lines.map(({ index }) => index),
  }
}
