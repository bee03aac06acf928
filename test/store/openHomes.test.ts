import { expect, test } from 'vitest'
import { opened } from './opened.ts'

test('two-replicas: an open Home is kept by whoever was told of it last, and taken over when that one falls silent', async () => {
  const first = await opened()
  const other = await opened(first.databaseUrl)
  const homes = (store: typeof first.store, keeper: string) =>
    store.keepOpenHomes(keeper).then((found) => found.map(({ user }) => user))
  await first.store.openHome('U0BOB', 'one')
  await first.store.openHome('U0SAM', 'one')
  await other.store.openHome('U0SAM', 'two')

  expect(await homes(first.store, 'one')).toEqual(['U0BOB'])
  expect(await homes(other.store, 'two')).toEqual(['U0SAM'])

  await first.pool.query(
    "UPDATE open_homes SET kept_until = kept_until - interval '61 seconds' WHERE keeper = 'one'",
  )
  const taken = await Promise.all([homes(other.store, 'two'), homes(first.store, 'three')])
  expect(taken.flat().toSorted()).toEqual(['U0BOB', 'U0SAM'])
  expect(await homes(first.store, 'one')).toEqual([])

  await other.store.leaveOpenHomes('two')
  await first.store.leaveOpenHomes('three')
  expect((await homes(first.store, 'one')).toSorted()).toEqual(['U0BOB', 'U0SAM'])

  await first.pool.query(
    "UPDATE open_homes SET opened_at = opened_at - interval '61 minutes' WHERE id = 'U0BOB'",
  )
  expect(await first.store.keepOpenHomes('one')).toEqual([
    { user: 'U0SAM', openedSecondsAgo: expect.closeTo(0, -2) },
  ])
})
