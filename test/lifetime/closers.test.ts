import { expect, test } from 'vitest'
import { createClosers } from '../../src/lifetime/closers.ts'

function closers() {
  const ended: string[] = []
  const complaints: string[] = []
  const all = createClosers({ error: (_, message) => void complaints.push(message) })
  return { all, ended, complaints, ends: (name: string) => () => void ended.push(name) }
}

test('everything ends, in the reverse order of its beginning', async () => {
  const { all, ended, ends } = closers()
  all.add('first', ends('first'))
  all.add('second', ends('second'))

  await all.close()

  expect(ended).toEqual(['second', 'first'])
})

test.each([
  ['fails', () => Promise.reject(new Error('no'))],
  [
    'throws',
    () => {
      throw new Error('no')
    },
  ],
  ['hangs', () => new Promise(() => {})],
])('one that %s is said, and keeps nothing after it running', async (_, bad) => {
  const { all, ended, complaints, ends } = closers()
  all.add('first', ends('first'))
  all.add('bad', bad, 1)
  all.add('last', ends('last'))

  await all.close()

  expect(ended).toEqual(['last', 'first'])
  expect(complaints).toHaveLength(1)
  expect(all.failed()).toEqual([expect.stringMatching(/^bad \((no|did not end within 0.001 s)\)$/)])
})

test('control: nothing is said where everything ends', async () => {
  const { all, complaints, ends } = closers()
  all.add('one', ends('one'), 1)

  await all.close()

  expect(complaints).toEqual([])
  expect(all.failed()).toEqual([])
})

test('whoever asks again gets the same end, and each closer is called once', async () => {
  const { all, ended, ends } = closers()
  all.add('one', ends('one'))

  await Promise.all([all.close(), all.close()])
  await all.close()

  expect(ended).toEqual(['one'])
})

test('what is begun while everything ends is ended too', async () => {
  const { all, ended, ends } = closers()
  all.add('one', () => all.add('late', ends('late')))
  await all.close()
  all.add('later', ends('later'))

  await all.close()

  expect(ended).toEqual(['late', 'later'])
})
