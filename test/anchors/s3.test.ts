import { expect, test, vi } from 'vitest'
import { s3Anchor } from '../../src/anchors/s3.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { lockedBucket } from '../support/lockedBucket.ts'
import { grownTree } from './grownTree.ts'

const now = new Date('2026-12-01T12:00:00.000Z')

async function bucketAnchor() {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  const bucket = await lockedBucket()
  const config = { name: 'archive', bucket: 'acme-ledger', region: 'eu-central-1', path_style: true }
  const anchor = s3Anchor(
    { ...config, endpoint: bucket.endpoint, prefix: 'ledger/', retain_days: 30 },
    () => now,
  )
  const { newest } = anchor
  if (!newest) throw new Error('a bucket is read')
  return { bucket, anchor, newest, tree: grownTree() }
}

test('a checkpoint becomes an object that is locked until its time, once, and is read by its version', async () => {
  const { bucket, anchor, newest, tree } = await bucketAnchor()

  const put = await anchor.put(tree.at(3), tree.first, tree.proofs)
  const again = await anchor.put(tree.at(3), tree.first, tree.proofs)

  expect(put).toMatchObject({
    key: expect.stringMatching(/^ledger\/acme-test-ledger-.*\/0000000000000003.checkpoint$/),
  })
  expect(again).toMatchObject({ version: put.version })
  expect(bucket.puts[0]).toMatchObject({
    'if-none-match': '*',
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2026-12-31T12:00:00Z',
    'x-amz-sdk-checksum-algorithm': 'SHA256',
  })
  expect((await newest(tree.first, tree.reading)).anchored?.text).toBe(tree.at(3).text)
})

test('the newest is the one with most entries under the latest name, however the sizes are written', async () => {
  const { anchor, newest, tree } = await bucketAnchor()
  for (const size of [9, 10, 100]) await anchor.put(tree.at(size), tree.first, tree.proofs)

  expect((await newest(tree.first, tree.reading)).anchored?.checkpoint.size).toBe(100)

  await anchor.put(tree.at(12, `${tree.first}/2`), tree.first, tree.proofs)
  expect((await newest(tree.first, tree.reading)).anchored?.checkpoint).toMatchObject({
    size: 12,
    origin: `${tree.first}/2`,
  })
})

test('a second version, and a mark that hides an object, are alarmed about, and what stands below still counts', async () => {
  const { bucket, anchor, newest, tree } = await bucketAnchor()
  await anchor.put(tree.at(5), tree.first, tree.proofs)
  const [key = ''] = bucket.versions.keys()
  const first = bucket.versions.get(key)?.[0]
  if (!first) throw new Error('it was put')
  bucket.versions.set(key, [first, { ...first, id: 'second', body: Buffer.from(tree.at(4).text) }])

  const above = await newest(tree.first, tree.reading)
  bucket.versions.set(key, [first])
  bucket.marks.add(key)
  const hidden = await newest(tree.first, tree.reading)

  for (const found of [above, hidden]) {
    expect(found.anchored?.checkpoint.size).toBe(5)
    expect(found.strange).toContain('a second version, or a mark of deletion')
  }
})

test('an object with another text is a dispute, and one that the ledger has not signed hides nothing', async () => {
  const { bucket, anchor, newest, tree } = await bucketAnchor()
  await anchor.put(tree.at(5), tree.first, tree.proofs)
  const other = grownTree('another')

  await expect(anchor.put(other.at(5), tree.first, tree.proofs)).rejects.toMatchObject({
    name: 'AnchorDispute',
  })
  const [key = ''] = bucket.versions.keys()
  const forged = key.replace('0000000000000005', '0000000000009000')
  bucket.versions.set(forged, [{ id: 'v', body: Buffer.from('anything'), headers: {} }])
  const found = await newest(tree.first, tree.reading)
  expect(found.anchored?.checkpoint.size).toBe(5)
  expect(found.strange).toContain(forged)
})

test('a bucket without a lock is refused before anything is put, and doctor says so; control: with one it is taken', async () => {
  const { bucket, anchor, tree } = await bucketAnchor()
  bucket.locks = false

  await expect(anchor.put(tree.at(1), tree.first, tree.proofs)).rejects.toThrow(/does not lock its objects/)
  expect(bucket.puts).toEqual([])
  expect(await anchor.check()).toMatchObject({
    ok: false,
    detail: 'the bucket acme-ledger does not lock its objects',
    fix: expect.stringContaining('object lock'),
  })

  bucket.locks = true
  await expect(anchor.put(tree.at(1), tree.first, tree.proofs)).resolves.toBeDefined()
  expect(await anchor.check()).toMatchObject({ ok: true })
  bucket.locks = false
  await expect(anchor.put(tree.at(2), tree.first, tree.proofs)).rejects.toThrow(/keeps no versions/)
})

test('a bucket that takes a key twice is refused, and doctor says so; one that refuses is asked once', async () => {
  const { bucket, anchor, tree } = await bucketAnchor()
  bucket.refuses = false

  for (const size of [1, 2])
    await expect(anchor.put(tree.at(size), tree.first, tree.proofs)).rejects.toThrow(/took .* a second time/)
  expect(await anchor.check()).toMatchObject({
    ok: false,
    detail: expect.stringContaining('it takes a key twice'),
  })

  const sound = await bucketAnchor()
  for (const size of [1, 2]) await sound.anchor.put(sound.tree.at(size), sound.tree.first, sound.tree.proofs)
  expect(sound.bucket.puts).toHaveLength(3)
  expect(await sound.anchor.check()).toMatchObject({ ok: true })
})

test('one that refuses is a fault that names no secret', async () => {
  const { bucket, anchor, newest, tree } = await bucketAnchor()
  bucket.trouble = 403

  const calls = [
    () => anchor.put(tree.at(1), tree.first, tree.proofs),
    () => newest(tree.first, tree.reading),
  ]
  for (const call of calls)
    await expect(call()).rejects.toMatchObject({
      name: 'AnchorFault',
      message: 'the bucket acme-ledger could not be used (AccessDenied)',
    })
})

test('what is for more entries than are looked for is not read; control: without that it is', async () => {
  const { anchor, newest, tree } = await bucketAnchor()
  for (const size of [3, 9, 10]) await anchor.put(tree.at(size), tree.first, tree.proofs)
  const read: (number | undefined)[] = []
  const reading: typeof tree.reading = async (text) => {
    read.push(readCheckpoint(text)?.size)
    return 'another'
  }

  await newest(tree.first, reading, { upTo: 5 })
  expect(read).toEqual([3])
  await newest(tree.first, reading)
  expect(read).toEqual([3, 10, 9, 3])
})

test('hundred-thousand: the newest of a bucket with 100,000 checkpoints is found by a few calls, and ten older ones by not many more', async () => {
  const { bucket, anchor, newest, tree } = await bucketAnchor()
  await anchor.put(tree.at(1), tree.first, tree.proofs)
  const [like = ''] = bucket.versions.keys()
  const folder = like.slice(0, like.indexOf('/0001/') + 6)
  const body = Buffer.from(tree.at(1).text)
  for (let nth = 2; nth <= 100_000; nth += 1) {
    const size = String(nth * 37).padStart(16, '0')
    const [one, ...others] = size.match(/^.|.{3}/g) ?? []
    const key = `${folder}${[one, ...others.slice(0, 4)].join('/')}/${size}.checkpoint`
    bucket.versions.set(key, [{ id: 'v', body, headers: {} }])
  }
  const read: string[] = []
  const reading: typeof tree.reading = async (text) => {
    read.push(text)
    return read.length < 12 ? 'another' : null
  }

  bucket.calls = 0
  expect((await newest(tree.first, tree.reading)).anchored?.text).toBe(tree.at(1).text)
  expect(bucket.calls).toBeLessThan(12)
  bucket.calls = 0
  await newest(tree.first, reading, { most: 10 })

  expect(read).toHaveLength(10)
  expect(bucket.calls).toBeLessThan(80)
  expect(like, 'control: it stands where those that were made stand').toMatch(
    /\/0001\/0\/000\/000\/000\/000\/0000000000000001\.checkpoint$/,
  )
})

test('the names of the ledgers that stand in a bucket are said', async () => {
  const { anchor, tree } = await bucketAnchor()
  expect(await anchor.ledgers?.()).toEqual([])
  const other = grownTree('leaf', 'other.test/ledger')
  await anchor.put(tree.at(5), tree.first, tree.proofs)
  await anchor.put(other.at(3), other.first, other.proofs)

  expect(await anchor.ledgers?.()).toEqual(['acme.test/ledger', 'other.test/ledger'])
})
