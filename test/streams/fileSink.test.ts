import { appendFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSink } from '../../src/streams/fileSink.ts'
import { told } from '../evidence/ocsf/told.ts'
import { withClient } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { directory, heard, streaming, streamWorld, upTo } from './streamWorld.ts'

const telling = { format: 'entry', ocsf: '1.8.0', values: false } as const
const sinkAt = (path: string, more: Partial<Parameters<typeof fileSink>[0]> = {}) =>
  fileSink({ name: 'archive', begins: 'first', atOnce: 3, path, ...telling, ...more })

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)
const indexesIn = (path: string) => linesOf(path).map((line) => JSON.parse(line).seq)

/** A file that a stream has written, and that rests. */
async function written(count: number) {
  const world = await streamWorld()
  const path = join(directory(), 'ledger.ndjson')
  await world.grow(count)
  const stop = streaming(world.feed, [sinkAt(path)])
  await eventually(async () => expect(await world.cursor('archive')).toBe(count))
  await stop()
  return { ...world, path }
}

test('every entry is a line, in the order of the ledger, readable by its group and nobody else', async () => {
  const { path } = await written(5)

  expect(indexesIn(path)).toEqual(upTo(5))
  expect(statSync(path).mode & 0o777 & ~0o640).toBe(0)
})

test.each([1, 40, 300])(
  'killed with %i bytes of a line less: no line is half, and none is there twice',
  async (bytes) => {
    const { path, feed, cursor, grow } = await written(4)
    truncateSync(path, statSync(path).size - bytes)
    await grow(1)

    streaming(feed, [sinkAt(path)])

    await eventually(async () => expect(await cursor('archive')).toBe(5))
    await eventually(() => expect(indexesIn(path)).toEqual(upTo(5)))
  },
)

test('killed when the lines were there and the cursor had not moved: none is there twice', async () => {
  const { path, feed, cursor, grow, databaseUrl } = await written(4)
  await withClient(databaseUrl, (client) => client.query('UPDATE stream_cursors SET next_index = 1'))
  await grow(2)

  streaming(feed, [sinkAt(path)])

  await eventually(async () => expect(await cursor('archive')).toBe(6))
  expect(indexesIn(path)).toEqual(upTo(6))
})

test('a file that was rotated away goes on in the new one', async () => {
  const { path, feed, cursor, grow } = await written(3)
  renameSync(path, `${path}.1`)
  await grow(2)

  streaming(feed, [sinkAt(path)])

  await eventually(async () => expect(await cursor('archive')).toBe(5))
  expect(indexesIn(`${path}.1`)).toEqual([0, 1, 2])
  expect(indexesIn(path)).toEqual([3, 4])
})

test('a file that is behind the cursor, as on another replica, is filled up', async () => {
  const { path, feed, cursor, grow } = await written(4)
  const all = linesOf(path)
  writeFileSync(path, `${all.slice(0, 2).join('\n')}\n`)
  await grow(1)

  streaming(feed, [sinkAt(path)])

  await eventually(async () => expect(await cursor('archive')).toBe(5))
  expect(indexesIn(path)).toEqual(upTo(5))
})

test.each([
  ['of another ledger', '{"id":"ent_other","seq":2}\n'],
  ['of what the ledger has lost', '{"id":"ent_lost","seq":999}\n'],
  ['of something else', 'hello\n'],
])('a file that ends with a line %s is not written to, and it is said at once', async (_what, line) => {
  const { path, feed, grow } = await written(3)
  appendFileSync(path, line)
  const before = readFileSync(path, 'utf8')
  await grow(1)
  const { options, raised, codes } = heard()

  streaming(feed, [sinkAt(path)], options)

  await eventually(() => expect(codes()).toEqual(['stream_behind']))
  expect(raised[0]?.detail).toContain('archive: ')
  expect(readFileSync(path, 'utf8')).toBe(before)
  renameSync(path, `${path}.1`)
  await eventually(() => expect(indexesIn(path)).toEqual([3]))
  await eventually(() => expect(codes()).toEqual([]))
})

test.each([
  ['a secret, without the end of a line', 'whsec_AAAAAAAAAAAAAAAA', /no whole line/],
  ['half a line of ours, and no whole one', '{"actor":{"id"', /no whole line/],
  ['notes', 'first\nlast, without an end', /none of ours/],
  ['a line of ours, and something else', '{"id":"ent_1","seq":0}\nnotes', /what follows/],
])('nothing is cut off a file that holds %s', async (_what, text, says) => {
  const path = join(directory(), 'file')
  writeFileSync(path, text)

  await expect(sinkAt(path).end?.()).rejects.toMatchObject({
    message: expect.stringMatching(says),
    stands: true,
  })

  expect(readFileSync(path, 'utf8')).toBe(text)
})

test.each(['{"id":"ent_2","se', '{"act', '{"actor":{"id":"p', '{"activity_id":1'])(
  'control: half a line of ours is cut off: %s',
  async (half) => {
    const path = join(directory(), 'file')
    writeFileSync(path, `{"id":"ent_1","seq":0}\n${half}`)

    expect(await sinkAt(path).end?.()).toEqual({ index: 0, entry: 'ent_1' })

    expect(readFileSync(path, 'utf8')).toBe('{"id":"ent_1","seq":0}\n')
  },
)

test('what is no file is not written to', async () => {
  const sink = sinkAt('/dev/null')
  await expect(sink.end?.()).rejects.toMatchObject({ stands: true })
  await expect(sink.take([told('decision.made')], new AbortController().signal)).rejects.toThrow('/dev/null')
})

test('the end of a file is found also behind long lines, in either format', async () => {
  for (const format of ['entry', 'ocsf'] as const) {
    const path = join(directory(), format)
    const sink = sinkAt(path, { format, values: true })
    const long = { ...told('decision.made', {}, 8), blobs: { reason: 'x'.repeat(300_000) } }

    await sink.take([told('decision.made', { id: 'ent_7' }, 7), long], new AbortController().signal)
    expect(await sink.end?.()).toEqual({ index: 8, entry: 'ent_01' })
    truncateSync(path, statSync(path).size - 1)

    expect(await sink.end?.()).toEqual({ index: 7, entry: 'ent_7' })
  }
})

test('a place that cannot be written is said, by a stream that tries and by one who looks', async () => {
  const sink = sinkAt('/nowhere/at/all.ndjson')

  await expect(sink.take([told('decision.made')], new AbortController().signal)).rejects.toThrow('ENOENT')
  expect(await sink.check()).toContain('/nowhere/at/all.ndjson')
  expect(await sinkAt(join(directory(), 'new')).check()).toBeNull()
})
