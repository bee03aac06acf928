import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { sortTroubles } from '../../src/store/trouble.ts'
import { SessionFault } from '../../src/store/watchedSession.ts'
import { heardHealth } from '../support/health.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { submission } from './made.ts'

/** A store that fails as the test says, on a clock that the test moves, and what was told of it. */
function troubled() {
  let now = 0
  const broken: { read: unknown; write: unknown } = { read: null, write: null }
  const inner = memoryStore()
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)).msg)
      done()
    },
  })
  const heard = heardHealth()
  const replaced: unknown[] = []
  const store = sortTroubles(
    {
      ...inner,
      agents: async () => (broken.read ? Promise.reject(broken.read) : inner.agents()),
      commit: async (change) => (broken.write ? Promise.reject(broken.write) : inner.commit(change)),
    },
    {
      log: pino({ level: 'warn' }, sink),
      health: heard.health,
      elapsed: () => now,
      replaced: (cause) => void replaced.push(cause),
    },
  )
  return {
    broken,
    heard,
    replaced,
    told: () => lines,
    pass: (ms: number) => {
      now += ms
    },
    read: () => store.agents().catch((error: unknown) => error),
    write: () => store.commit(submission()).catch((error: unknown) => error),
    store,
  }
}

const sqlError = (code: string) => Object.assign(new Error('no'), { code })
const over = 'the database can be used again'
const away = 'The database does not answer.'
const full = 'The database server has no disk space or memory left.'

test('trouble is told when it begins and when it is over, however many calls meet it', async () => {
  const { broken, told, read, write, pass } = troubled()
  broken.read = sqlError('08006')
  broken.write = sqlError('08006')
  for (let n = 0; n < 20; n += 1) {
    expect(await read()).toBeInstanceOf(StoreUnavailable)
    expect(await write()).toBeInstanceOf(StoreUnavailable)
    pass(100)
  }
  expect(told()).toEqual([away])

  Object.assign(broken, { read: null, write: null })
  await write()
  expect(told()).toEqual([away]) // others may still be meeting it
  pass(2_001)
  await write()

  expect(told()).toEqual([away, over])
})

test('that this process has let go of the database is no alarm, and nothing was sent', async () => {
  const { broken, read, told } = troubled()
  broken.read = new SessionFault('VN002', 'this process has ended its connections')

  expect(await read()).toMatchObject({ reason: 'ending', unknown: false })
  expect(told()).toEqual([])

  broken.read = new SessionFault('08001', 'control: no connection to the database')
  expect(await read()).toMatchObject({ reason: 'away', unknown: false })
  expect(told()).toEqual([away])
})

test('another reason is told once too, but not that connections run out while nothing answers', async () => {
  const { broken, told, read } = troubled()
  for (const code of ['08006', '53300', '53100', '08006', '53100']) {
    broken.read = sqlError(code)
    await read()
  }

  expect(told()).toEqual([away, full])
})

test('that reading works does not end what writes have met, for a while', async () => {
  const { broken, told, read, write, pass } = troubled()
  broken.write = sqlError('42501')
  await write()
  pass(9_000)
  await read()
  expect(told()).toHaveLength(1)

  pass(2_000)
  await read()

  expect(told()).toHaveLength(2)
})

test.each(['53100', '53200', '25006', '42501'])(
  'a write that fails with %s makes us unfit until one works',
  async (code) => {
    const { broken, heard, read, write } = troubled()
    broken.write = sqlError(code)
    await write()
    await read()
    expect(heard.now()).toEqual(['cannot_write'])

    broken.write = null
    await write()

    expect(heard.now()).toEqual([])
  },
)

test.each(['08006', '53300', '57014'])(
  'control: one that fails with %s does not: our own beat says so',
  async (code) => {
    const { broken, heard, write } = troubled()
    broken.write = sqlError(code)

    await write()

    expect(heard.now()).toEqual([])
  },
)

test('control: a bug comes out as it is, and is no trouble', async () => {
  const { broken, told, read } = troubled()
  broken.read = sqlError('42601')

  expect(await read()).toBe(broken.read)
  expect(told()).toEqual([])
})

test('what answers at once, like watching, still does', () => {
  const { store } = troubled()

  expect(store.watch('policy', () => undefined)).toBeTypeOf('function')
})

test('that a newer version has taken over is heard at once, from a write as from the beat, and makes this process unfit', async () => {
  const { broken, heard, replaced, told, read, write } = troubled()
  const [fromWrite, fromRead] = [sqlError('VN001'), sqlError('VN001')]
  broken.write = fromWrite
  broken.read = fromRead

  expect(await write()).toMatchObject({ reason: 'replaced', unknown: false })
  expect(await read()).toMatchObject({ reason: 'replaced' })

  expect(replaced).toEqual([fromWrite, fromRead])
  expect(heard.now()).toEqual(['cannot_write'])
  expect(told()).toEqual(['A newer version of Countersign has taken over the database.'])
})
