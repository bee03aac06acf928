import { describe, expect, test } from 'vitest'
import { auditorLimits } from '../../src/http/limits.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { isSignedBy, readVerifierKey } from '../../src/ledger/note.ts'
import { leavesOf } from '../../src/ledger/tile.ts'
import { readTlogProof } from '../../src/ledger/tlogProof.ts'
import { isConsistent, isIncluded } from '../../src/ledger/verifyProof.ts'
import { naiveLeaf, naiveRoot } from '../ledger/naiveTree.ts'
import { indexes, recorded, sealed, tampered } from '../store/sealingWorld.ts'
import { asAuditor, audited, auditorKey, houseWithAuditor } from './auditedHouse.ts'
import type { Reply } from './house.ts'

const count = 600
const pageOf = ({ body }: Reply) =>
  body as {
    readonly entries: readonly {
      readonly index: number
      readonly entry: string
      readonly leaf: string | null
      readonly values: readonly unknown[]
    }[]
    readonly next: string | null
  } // its schema was checked

describe('an auditor reads over HTTP', () => {
  test('a checkpoint, tiles and bundles that give each other, by RFC 6962 and nothing of ours', async () => {
    const { read, bytes } = await audited(count)

    const checkpoint = readCheckpoint((await read('checkpoint')).text)
    const key = readVerifierKey((await read('key')).text.trim())
    const bundles = await Promise.all(
      ['entries/000', 'entries/001', `entries/002.p/${count - 512}`].map((tile) => bytes(`tile/${tile}`)),
    )
    const leaves = bundles.flatMap((bundle) => leavesOf(bundle)).map((leaf) => naiveLeaf(leaf))
    const tiles = await Promise.all(
      ['0/000', '0/001', `0/002.p/${count - 512}`].map((tile) => bytes(`tile/${tile}`)),
    )
    const above = await bytes('tile/1/000.p/2')

    expect(leaves).toHaveLength(count)
    expect(Buffer.concat(tiles).equals(Buffer.concat(leaves))).toBe(true)
    expect(
      above.equals(Buffer.concat([naiveRoot(leaves.slice(0, 256)), naiveRoot(leaves.slice(256, 512))])),
    ).toBe(true)
    expect(checkpoint).toMatchObject({ size: count, root: naiveRoot(leaves) })
    expect(checkpoint && key && isSignedBy(checkpoint.note, key)).toBe(true)
  })

  test('tiles that may be kept for good, by nobody else; the checkpoint never', async () => {
    const { read } = await audited(300)

    for (const path of ['tile/0/000', 'tile/0/000.p/7', 'tile/entries/001.p/44', 'tile/1/000.p/1']) {
      const { status, headers } = await read(path)
      expect(status, path).toBe(200)
      expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
      expect(headers.get('content-type')).toBe('application/octet-stream')
    }
    for (const path of ['checkpoint', 'key', 'entries', 'consistency'])
      expect((await read(path)).headers.get('cache-control')).toBe('no-store')
  })

  const nowhere = [
    'tile/0/001',
    'tile/0/001.p/45',
    'tile/0/001.p/0',
    'tile/0/002.p/1',
    'tile/1/000',
    'tile/1/000.p/2',
    'tile/entries/001.p/45',
    'tile/0/1',
    'tile/00/000',
    'tile/0/x000/001.p/1',
    'tile/0/000.p/256',
    'tile/0/..%2f000',
    `entries/ent_${'9'.repeat(26)}/proof`,
    'entries/ent_1/proof',
    'entries?from=301',
    'consistency?to=301',
  ]
  test('nothing beyond the tree, and nothing at an address that is not written exactly so', async () => {
    const { read } = await audited(300)

    for (const path of nowhere)
      expect(await read(path), path).toMatchObject({ status: 404, body: { code: 'not_in_tree' } })
  })

  test('entries by pages, with the values that were not erased', async () => {
    const { read, open } = await audited(5)
    const all = await indexes(open.pool)

    const first = pageOf(await read('entries?limit=3'))
    expect(first.entries.map(({ index, entry }) => [index, entry])).toEqual(
      all.slice(0, 3).map(({ id }, index) => [index, id]),
    )
    expect(first.next).toMatch(/\/v1\/ledger\/entries\?from=3&limit=3$/)
    const rest = pageOf(await read(first.next?.slice(first.next.indexOf('entries')) ?? ''))

    expect(rest.next).toBeNull()
    expect(rest.entries.map(({ index }) => index)).toEqual([3, 4])
    for (const { index, leaf } of [...first.entries, ...rest.entries])
      expect(naiveLeaf(Buffer.from(leaf ?? ''))).toEqual(all[index]?.hash)
    expect([...first.entries, ...rest.entries].slice(2).map(({ values }) => values)).toEqual([
      [expect.objectContaining({ name: 'reason', salt: null, text: null })],
      [],
      [expect.objectContaining({ name: 'reason', salt: expect.any(String), text: 'a migration' })],
    ])
    expect(pageOf(await read('entries?from=5'))).toEqual({ entries: [], next: null })
  })

  const malformed = [
    ['entries?limit=1025', 'limit'],
    ['entries?limit=0', 'limit'],
    ['entries?from=-1', 'from'],
    ['entries?from=1&from=2', 'from'],
    ['entries?since=1', 'since'],
    ['consistency?from=3&to=2', 'from'],
    ['consistency?to=9007199254740993', 'to'],
  ] as const
  test('nothing that is asked in another form, and is told what is wrong', async () => {
    const { read } = await audited(5)

    for (const [path, name] of malformed) {
      const reply = await read(path)
      expect(reply, path).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
      expect(reply.text).toContain(`${name}:`)
    }
  })

  test('proofs that an entry is included, and that a larger tree begins with a smaller one', async () => {
    const { read, open } = await audited(270)
    const all = await indexes(open.pool)
    const older = { size: 200, root: naiveRoot(all.slice(0, 200).map((one) => one.hash)) }
    const head = readCheckpoint((await read('checkpoint')).text) ?? older

    const last = readTlogProof((await read(`entries/ent_${'2'.repeat(26)}/proof`)).text)
    const { from, to, path } = (await read('consistency?from=200')).body as Record<'from' | 'to', number> & {
      readonly path: readonly string[]
    }

    expect(last && isIncluded(head, { index: 269, hash: all[269]?.hash ?? Buffer.alloc(0) }, last.path)).toBe(
      true,
    )
    expect([from, to]).toEqual([200, 270])
    expect(
      isConsistent(
        older,
        head,
        path.map((one) => Buffer.from(one, 'base64')),
      ),
    ).toBe(true)
  })

  test('what was sealed a moment ago', async () => {
    const { read, open } = await audited(5)
    await recorded(open, 3)
    await sealed(open)

    expect(readCheckpoint((await read('checkpoint')).text)).toMatchObject({ size: 8 })
    expect((await read('tile/0/000.p/8')).status).toBe(200)
  })

  test('no tile whose parts are gone', async () => {
    const { read, open } = await audited(5)
    await tampered(open.pool, 'DELETE FROM ledger_leaves WHERE index = 3')

    expect((await read('tile/0/000.p/5')).status).toBe(404)
    expect((await read('tile/entries/000.p/5')).status).toBe(404)
    expect((await read('tile/0/000.p/3')).status).toBe(200)
  })
})

describe('the key of an auditor', () => {
  test('is refused while its person is no auditor, and not answered while nobody knows', async () => {
    const house = await houseWithAuditor()
    house.directory.groups.set('S0SECURITY', [])
    expect(await house.read('checkpoint')).toMatchObject({ status: 403, body: { code: 'not_an_auditor' } })

    house.directory.unreadable.add('S0SECURITY')
    expect(await house.read('checkpoint')).toMatchObject({
      status: 503,
      body: { code: 'directory_unavailable' },
    })
  })

  test.each([
    ['POST', '/v1/requests'],
    ['GET', '/v1/requests'],
    ['POST', `/v1/requests/req_${'0'.repeat(26)}/cancel`],
    ['POST', `/v1/requests/req_${'0'.repeat(26)}/executions`],
    ['POST', '/oauth/introspect'],
  ])('works nowhere else: not for %s %s', async (method, path) => {
    const house = await houseWithAuditor()

    expect((await house.call(method, path, { headers: asAuditor })).status).toBe(401)
  })

  test('of an agent does not work there', async () => {
    const house = await houseWithAuditor()

    expect(await house.read('checkpoint', {})).toMatchObject({ status: 401 })
  })

  test('leaves one entry of what it reads, and is in no log', async () => {
    const { read, store, log } = await audited(5)
    await read('entries?from=2&limit=2')
    await read('tile/0/000.p/5')

    const key = await store.auditorKey(`adk_${'0'.repeat(26)}`)

    expect(key).toMatchObject({ version: 2, usedAt: '2026-11-24T14:00:00.000Z' })
    expect(log()).not.toContain(auditorKey.slice(-43))
  })

  test('may call as often as verifying takes, and no more', async () => {
    const house = await houseWithAuditor()

    const { headers } = await house.read('key')

    expect(headers.get('ratelimit-policy')).toBe(`"other-calls";q=${auditorLimits.burst * 5};w=3`)
  })
})
