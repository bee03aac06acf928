import { describe, expect, test } from 'vitest'
import type { Committed } from '../../src/approvals/change.ts'
import type { Batch } from '../../src/store/batch.ts'
import { batchLimits, type CommitPace, groupCommit } from '../../src/store/commit.ts'
import { patience } from '../support/eventually.ts'
import { approval, madeLine, madeRequest, submission } from './made.ts'

/** Stands for the database: keeps what was sent, and answers when the test says so. */
function wire(pace: CommitPace = { lanes: 4, lateAfter: patience }) {
  const sent: { readonly size: number; readonly answer: (error?: unknown) => void }[] = []
  const send = (batch: Batch) =>
    new Promise<readonly Committed[]>((resolve, reject) => {
      const size = batch.changes
      const answer = (error?: unknown) =>
        error ? reject(error) : resolve(Array<Committed>(size).fill('applied'))
      sent.push({ size, answer })
    })
  return { sent, ...groupCommit(send, pace) }
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
  void commit({ entries: [madeLine({ request: request.id })] })
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
  for (let n = 0; n < batchLimits.changes + 11; n += 1) void commit({ entries: [madeLine()] })
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

test.each(['08006', '57P01', 'EPIPE', 'ECONNRESET'])(
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

/** The same with statements that are late at once, so that others may leave beside them. */
const impatient = { lanes: 3, lateAfter: 1 }

describe('a statement that does not answer', () => {
  test('does not stop what has nothing to do with it', async () => {
    const { sent, commit } = wire(impatient)
    const stuck = commit(submission())
    await turn()

    // Together or one by one: on a busy machine the first may be late before the others come.
    const others: string[] = []
    for (let n = 0; n < 2; n += 1) void commit(submission()).then((outcome) => others.push(outcome))
    await expect
      .poll(() => {
        for (const statement of sent.slice(1)) statement.answer()
        return others
      })
      .toEqual(['applied', 'applied'])
    sent[0]?.answer()
    expect(await stuck).toBe('applied')
  })

  test('holds back what touches the same record, and what came after that on another', async () => {
    const { sent, commit } = wire(impatient)
    const [first, second] = [madeRequest(), madeRequest()]
    void commit(submission(first))
    await turn()
    const settled: string[] = []
    void commit({ ...approval(first), delivery: 'one' }).then(() => settled.push('same record'))
    void commit({ ...submission(second), delivery: 'one' }).then(() => settled.push('behind it'))
    void commit(submission()).then(() => settled.push('free'))

    await expect.poll(() => sent.length).toBe(2)
    sent[1]?.answer()
    await expect.poll(() => settled).toEqual(['free'])
    sent[0]?.answer()
    await expect.poll(() => sent.length).toBe(3)
    sent[2]?.answer()

    await expect.poll(() => settled).toEqual(['free', 'same record'])
    await expect.poll(() => sent.length).toBe(4)
    sent[3]?.answer()
    await expect.poll(() => settled).toEqual(['free', 'same record', 'behind it'])
  })

  test('leaves a few others beside it, not any number', async () => {
    const { sent, commit, idle } = wire(impatient)
    for (let n = 1; n <= impatient.lanes; n += 1) {
      void commit(submission())
      await expect.poll(() => sent.length).toBe(n)
    }
    const last = commit(submission())
    let idling = false
    const ended = idle().then(() => {
      idling = true
    })

    sent[0]?.answer()
    await expect.poll(() => sent.length).toBe(impatient.lanes + 1)
    sent[1]?.answer()
    sent[2]?.answer()
    await turn()
    expect(idling).toBe(false)
    sent[3]?.answer()

    expect(await last).toBe('applied')
    await ended
  })

  test('control: while it is not late, the others gather and share the next one', async () => {
    const { sent, commit } = wire({ lanes: 3, lateAfter: 60_000 })
    const outcomes = [commit(submission()), commit(submission()), commit(submission())]
    await turn()
    expect(sent.map(({ size }) => size)).toEqual([1])

    sent[0]?.answer()
    await turn()
    expect(sent.map(({ size }) => size)).toEqual([1, 2])
    sent[1]?.answer()
    expect(await Promise.all(outcomes)).toEqual(['applied', 'applied', 'applied'])
  })
})

describe('a database that is the reason', () => {
  test.each(['25006', '26000', '0A000'])(
    'a session that is no good (%s) is the reason: once more, on another',
    async (code) => {
      const { sent, commit } = wire()
      const outcome = commit(submission())
      await turn()

      sent[0]?.answer(sqlError(code))
      await turn()
      sent[1]?.answer()

      expect(await outcome).toBe('applied')
    },
  )

  test.each(['25006', '53100', '53300', '55P03', '57014', '42501', '08001', '57P03'])(
    'is not asked again for each change (%s)',
    async (code) => {
      const { sent, commit } = wire()
      const first = commit(submission())
      const outcomes = Promise.allSettled(Array.from({ length: 50 }, () => commit(submission())))
      await turn()
      sent[0]?.answer()
      await first
      await turn()
      sent[1]?.answer(sqlError(code))
      await turn()
      sent[2]?.answer(sqlError(code)) // only where another session might have done better

      expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['rejected']))
      expect(sent.length).toBe(code === '25006' ? 3 : 2)
    },
  )

  test('that goes away while changes are tried one by one is not waited for by each of them', async () => {
    const { sent, commit } = wire()
    const first = commit(submission())
    const outcomes = Promise.allSettled(Array.from({ length: 3 }, () => commit(submission())))
    await turn()
    sent[0]?.answer()
    await first
    await turn()
    sent[1]?.answer(sqlError('22P05'))
    await turn()
    sent[2]?.answer()
    await turn()
    sent[3]?.answer(sqlError('08006'))

    const [done, lost, unsent] = await outcomes
    expect(done).toMatchObject({ status: 'fulfilled' })
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: '08006' } })
    expect(unsent).toMatchObject({ status: 'rejected', reason: { reason: 'away', unknown: false } })
    expect(sent).toHaveLength(4)
  })
})
