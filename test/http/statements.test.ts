import { expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import { opened } from '../store/opened.ts'
import { countedBundle } from '../support/countedBundle.ts'
import { withClient } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { runFiles } from '../support/runFiles.ts'
import { testBundle } from '../support/testBundle.ts'
import { exportBody, idIn, openHouse, readBody } from './house.ts'

/** A house on a database, with an agent and an initiator who are known, and how many statements a call sends there. */
async function counted(reads: (real: Store) => Partial<Store> = () => ({})) {
  let statements = 0
  let handedIn = 0
  const { store: real, databaseUrl } = await opened(undefined, {
    statementEnded: () => {
      statements += 1
    },
  })
  const store: Store = {
    ...real,
    ...reads(real),
    commit(change) {
      handedIn += 1
      return real.commit(change)
    },
  }
  const house = await openHouse({ store })
  // Added by the first call, remembered by the second.
  for (let n = 0; n < 2; n += 1) await house.submit(readBody)
  const during = async (call: () => Promise<{ readonly status: number }>) => {
    const before = statements
    const { status } = await call()
    return { status, statements: statements - before }
  }
  /** Commits wait for the lock that all of them take, until so many have been handed in. */
  const holding = (commits: number, calls: () => Promise<{ readonly status: number }>) =>
    withClient(databaseUrl, async (client) => {
      const before = handedIn
      await client.query('SELECT pg_advisory_lock(7305808869230650227)')
      const replies = calls()
      await eventually(() => expect(handedIn - before).toBe(commits))
      await client.query('SELECT pg_advisory_unlock(7305808869230650227)')
      return replies
    })
  return { ...house, during, holding }
}

test('what policy allows is one statement', async () => {
  const { submit, during } = await counted()
  const { initiator: _, ...byOwner } = readBody

  for (const body of [readBody, byOwner])
    expect(await during(() => submit(body))).toEqual({ status: 201, statements: 1 })
})

test('what policy allows is one statement with its grant, too', async () => {
  const { submit, during } = await counted()

  expect(await during(() => submit({ ...readBody, grant: true }))).toEqual({ status: 201, statements: 1 })
})

test('what policy allows by a budget is two: what that has counted is read first', async () => {
  const { submit, during, setPolicy, ports } = await counted()
  setPolicy(countedBundle())
  await ports.renewPolicy()
  const refund = { ...readBody, action: 'refund.create', params: { amount: 100 } }

  expect(await during(() => submit(refund))).toEqual({ status: 201, statements: 2 })
  // And what no budget counts is one all the same.
  expect(await during(() => submit(readBody))).toEqual({ status: 201, statements: 1 })
})

test('calls that come together share it', async () => {
  const { submit, during, holding } = await counted()
  const forty = async () => {
    const replies = await Promise.all(Array.from({ length: 40 }, () => submit(readBody)))
    return { status: Math.max(...replies.map(({ status }) => status)) }
  }

  const { status, statements } = await during(() => holding(40, forty))

  expect(status).toBe(201)
  // The first, and what gathered behind it; some more where the first were late and others left beside them.
  expect(statements).toBeLessThanOrEqual(8)
})

test('control: without memory each call looks up who asks and who is behind it', async () => {
  const { submit, during, ports } = await counted()
  ports.registry.forget()

  expect(await during(() => submit(readBody))).toEqual({ status: 201, statements: 6 })
})

test('what asks people reads besides whether one of them denied the same, of each set whether it has people behind it, and what was asked before', async () => {
  const { submit, during } = await counted()
  await submit(exportBody)

  // Nobody of the resource's owner, the data owners and Security has ever done anything.
  expect(await during(() => submit(exportBody))).toEqual({ status: 202, statements: 1 + 1 + 3 + 1 })
})

test('what a run has read is looked up for the actions that a rule judges by it, and for no other', async () => {
  const { submit, during, setPolicy, clock } = await counted()
  // What was read until now is forgotten by then, and who asks is looked up again by the first call.
  clock.advance(3_601)
  setPolicy(testBundle(runFiles))
  const sendBody = { ...readBody, action: 'mail.send', resource: { type: 'page', id: 'handbook' } }
  await submit(sendBody)

  expect(await during(() => submit(sendBody))).toEqual({ status: 201, statements: 1 + 1 })
  const inSession = { ...sendBody, run: { session: 'one' } }
  expect(await during(() => submit(inSession))).toEqual({ status: 201, statements: 1 + 2 })
  expect(await during(() => submit(readBody))).toEqual({ status: 201, statements: 1 })
})

test('an idempotency key that comes again is told by the commit, and only then the request is read', async () => {
  const { submit, during } = await counted()
  const again = { 'idempotency-key': '"again"' }
  await submit(readBody, again)

  // The commit, the request, and who the people in it are today.
  expect(await during(() => submit(readBody, again))).toEqual({ status: 200, statements: 3 })
})

test('looking reads the place in the ledger with the request, so neither it nor waiting sends a statement more for it', async () => {
  const looking = async (reads: (real: Store) => Partial<Store>) => {
    const { submit, call, during } = await counted(reads)
    const path = `/v1/requests/${idIn(await submit(exportBody))}`
    const look = await during(() => call('GET', path))
    const wait = await during(() => call('GET', path, { headers: { prefer: 'wait=0' } }))
    expect([look.status, wait.status]).toEqual([200, 200])
    return { look: look.statements, wait: wait.statements }
  }
  const { look, wait } = await looking(() => ({}))
  // As it was before there was a place: the request by itself.
  const without = (real: Store): Partial<Store> => ({
    placedRequest: async (id) => {
      const request = await real.request(id)
      return request && { ...request, place: null }
    },
  })

  expect({ look, wait }).toEqual(await looking(without))
  // Control: reading it apart would be seen.
  const apart = await looking((real) => ({
    placedRequest: async (id) => (await real.request(id)) && real.placedRequest(id),
  }))
  expect(apart).toEqual({ look: look + 1, wait: wait + 2 })
})
