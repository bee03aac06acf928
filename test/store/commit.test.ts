import { expect, test } from 'vitest'
import type { Committed } from '../../src/approvals/ports.ts'
import type { Batch } from '../../src/store/batch.ts'
import { batchLimits, groupCommit } from '../../src/store/commit.ts'
import { approval, madeLine, madeRequest, submission } from './made.ts'

/** Stands for the database: keeps what was sent, and answers when the test says so. */
function wire() {
  const sent: { readonly size: number; readonly answer: (error?: unknown) => void }[] = []
  const send = (batch: Batch) =>
    new Promise<readonly Committed[]>((resolve, reject) => {
      const size = batch.changes?.length ?? 0
      const answer = (error?: unknown) =>
        error ? reject(error) : resolve(Array<Committed>(size).fill('applied'))
      sent.push({ size, answer })
    })
  return { sent, ...groupCommit(send) }
}

const sqlError = (code: string) => Object.assign(new Error('the server says no'), { code })
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a change that comes alone leaves at once', async () => {
  const { sent, commit } = wire()

  const outcome = commit(submission())
  await turn()
  sent[0]?.answer()

  expect(await outcome).toBe('applied')
  expect(sent.map((one) => one.size)).toEqual([1])
})

test('changes that come while one is on its way share the next statement', async () => {
  const { sent, commit } = wire()
  const outcomes = Array.from({ length: 10 }, () => commit(submission()))
  await turn()

  sent[0]?.answer()
  await turn()
  sent[1]?.answer()

  expect(await Promise.all(outcomes)).toEqual(Array(10).fill('applied'))
  expect(sent.map((one) => one.size)).toEqual([1, 9])
})

test('two changes to one record never share a statement, and keep their order', async () => {
  const { sent, commit } = wire()
  const request = madeRequest()
  void commit(submission())
  void commit(submission(request))
  void commit(approval(request))
  void commit({ lines: [madeLine({ request: request.id })] })
  await turn()

  sent[0]?.answer()
  await turn()

  expect(sent.map((one) => one.size)).toEqual([1, 2])
  sent[1]?.answer()
  await turn()
  expect(sent.map((one) => one.size)).toEqual([1, 2, 1])
  sent[2]?.answer()
})

test('a statement carries a limited number of changes', async () => {
  const { sent, commit } = wire()
  for (let n = 0; n < batchLimits.changes + 11; n += 1) void commit({ lines: [madeLine()] })
  await turn()

  sent[0]?.answer()
  await turn()
  sent[1]?.answer()
  await turn()

  expect(sent.map((one) => one.size)).toEqual([1, batchLimits.changes, 10])
  sent[2]?.answer()
})

test('when the answer is lost every caller is told, and nothing is sent again', async () => {
  const { sent, commit } = wire()
  const first = commit(submission())
  const outcomes = Promise.allSettled([commit(submission()), commit(submission())])
  await turn()
  sent[0]?.answer()
  await first
  await turn()

  sent[1]?.answer(new Error('Connection terminated unexpectedly'))

  expect((await outcomes).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(sent).toHaveLength(2)
})

test.each(['08006', '57P01'])(
  'a server that goes away (%s) may have committed, so nothing is sent again',
  async (code) => {
    const { sent, commit } = wire()
    const outcome = expect(commit(submission())).rejects.toThrow('the server says no')
    await turn()

    sent[0]?.answer(sqlError(code))

    await outcome
    expect(sent).toHaveLength(1)
  },
)

test('a statement that certainly failed is tried again change by change', async () => {
  const { sent, commit } = wire()
  const first = commit(submission())
  const outcomes = Promise.allSettled([commit(submission()), commit(submission())])
  await turn()
  sent[0]?.answer()
  await first
  await turn()

  sent[1]?.answer(sqlError('22P05'))
  await turn()
  sent[2]?.answer(sqlError('22P05'))
  await turn()
  sent[3]?.answer()

  expect((await outcomes).map((one) => one.status)).toEqual(['rejected', 'fulfilled'])
  expect(sent.map((one) => one.size)).toEqual([1, 2, 1, 1])
})

test('a race lost inside the database is tried again', async () => {
  const { sent, commit } = wire()
  const outcome = commit(submission())
  await turn()

  sent[0]?.answer(sqlError('40P01'))
  await turn()
  sent[1]?.answer(sqlError('40001'))
  await turn()
  sent[2]?.answer()

  expect(await outcome).toBe('applied')
})

test('closing waits for the changes that were handed in', async () => {
  const { sent, commit, idle } = wire()
  let closed = false
  void commit(submission())
  void commit(submission())
  const closing = idle().then(() => {
    closed = true
  })
  await turn()
  sent[0]?.answer()
  await turn()
  expect(closed).toBe(false)

  sent[1]?.answer()
  await closing
  expect(closed).toBe(true)
})
