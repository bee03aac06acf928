import { describe, expect, test } from 'vitest'
import { refuseSharedSessions } from '../../src/store/ownSessions.ts'
import { emptyDatabase, freshDatabase, withClient } from '../support/database.ts'
import { type Pooling, pooled } from './fakePooler.ts'
import { opened } from './opened.ts'
import { bouncerInFrontOf, hasBouncer } from './pgbouncer.ts'

const impatient = { answerMs: 50, heardMs: 50, tellAgainMs: 5 }
const tried = (pooling: Partial<Pooling>) => {
  const { connect } = pooled(pooling)
  return refuseSharedSessions(connect(), connect(), impatient)
}

describe('two connections are tried', () => {
  test('control: sessions of their own pass', async () => {
    await expect(tried({ mode: 'session' })).resolves.toBeUndefined()
  })

  test.each<[string, Partial<Pooling>, RegExp]>([
    ['lends the session that was used last', { mode: 'transaction' }, /^Advisory locks did not work/],
    [
      'lends the session that was used first',
      { mode: 'transaction', lends: 'oldest' },
      /^Advisory locks did/,
    ],
    ['clears each session after use', { mode: 'transaction', resets: true }, /^Advisory locks did not work/],
    ['has one session for all', { mode: 'transaction', size: 1 }, /^Advisory locks|^A session for each/],
    ['does not pass on notifications', { mode: 'session', deaf: true }, /^LISTEN and NOTIFY did not work/],
    [
      'forgets prepared statements',
      { mode: 'session', unprepared: true },
      /^Prepared statements did not work/,
    ],
    ['gives no locks', { mode: 'session', unlocked: true }, /^Advisory locks did not work/],
  ])('a pooler that %s is refused', async (_, pooling, says) => {
    await expect(tried(pooling)).rejects.toMatchObject({
      name: 'StoreFault',
      code: 'shared_sessions',
      message: expect.stringMatching(says),
      fix: expect.stringMatching(/DATABASE_URL.*session mode/),
    })
  })
})

describe.skipIf(!hasBouncer())('with the real pgbouncer (skipped where it is not installed)', () => {
  test('pool_mode = transaction is refused before anything is written', async () => {
    const database = await emptyDatabase()
    const url = await bouncerInFrontOf(database, 'transaction')

    await expect(opened(url)).rejects.toMatchObject({ code: 'shared_sessions' })
    const tables = "SELECT count(*)::int AS tables FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    expect((await withClient(database, (client) => client.query(tables))).rows).toEqual([{ tables: 0 }])
  })

  test('pool_mode = session serves two replicas', async () => {
    const database = await freshDatabase()
    const url = await bouncerInFrontOf(database, 'session')
    const [first, second] = [await opened(url), await opened(url)]

    const heard = new Promise<void>((resolve) => first.store.hearBeats('rep_1', resolve))
    await second.store.beat({ id: 'rep_1', name: 'one', policy: null })

    await heard
  })
})
