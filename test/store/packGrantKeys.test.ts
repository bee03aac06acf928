import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { testWorld } from '../support/world.ts'
import { opened } from './opened.ts'
import { repacked, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder } from './packWorld.ts'
import { sealed, tampered } from './sealingWorld.ts'

async function keyed() {
  const open = await opened()
  const { ports } = await testWorld({ store: open.store, makesKeys: true })
  await firstKeys(ports)
  await sealed(open)
  return open
}

test('a pack has the public keys that grants are verified with, and when each counted, as the entries say it', async () => {
  const open = await keyed()
  const out = join(folder(), 'evidence.tar.gz')
  await exported(open, { out })
  const pack = unpacked(out)
  const read = (path: string) => JSON.parse(readFileSync(join(pack, path), 'utf8'))

  const { keys }: { keys: readonly JWK[] } = read('keys/grants-jwks.json')
  expect(keys).toHaveLength(2)
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    expect(await calculateJwkThumbprint(key)).toBe(key.kid)
  }
  const history: readonly { kid: string; signs_from: string | null }[] = read('keys/grants-history.json')
  expect(history.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid))
  expect(history.filter(({ signs_from }) => signs_from !== null)).toHaveLength(1)
  expect(await verifyPack(out, { kept: [], key: null })).toMatchObject({ wrong: null })

  const path = join(pack, 'keys/grants-jwks.json')
  const [first, second] = keys
  writeFileSync(path, readFileSync(path, 'utf8').replace(first?.n ?? '', second?.n ?? ''))
  summedAnew(pack)
  const changed = await verifyPack(repacked(pack, folder()), { kept: [], key: null })
  expect(changed.wrong?.what).toMatch(/the public part of the signing key .* is another/)
})

test('a key that somebody put into the database is not given out as ours, and one that is gone makes no evidence', async () => {
  const open = await keyed()
  await tampered(
    open.pool,
    `UPDATE signing_keys SET public_jwk = (SELECT public_jwk FROM signing_keys WHERE status = 'next') WHERE status = 'active'`,
  )

  await expect(exported(open, { out: join(folder(), 'evidence.tar.gz') })).rejects.toThrow(
    /is gone, or is another/,
  )
})
