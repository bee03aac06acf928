import { expect, test } from 'vitest'
import { opened } from '../store/opened.ts'
import { exportBody, openHouse, readBody } from './house.ts'

/** A house on a database, with an agent and an initiator who are known, and how many statements a call sends there. */
async function counted() {
  let statements = 0
  const { store } = await opened(undefined, {
    statementEnded: () => {
      statements += 1
    },
  })
  const house = await openHouse({ store })
  // Added by the first call, remembered by the second.
  for (let n = 0; n < 2; n += 1) await house.submit(readBody)
  const during = async (call: () => Promise<{ readonly status: number }>) => {
    const before = statements
    const { status } = await call()
    return { status, statements: statements - before }
  }
  return { ...house, during }
}

test('what policy allows is one statement', async () => {
  const { submit, during } = await counted()
  const { initiator: _, ...byOwner } = readBody

  for (const body of [readBody, byOwner])
    expect(await during(() => submit(body))).toEqual({ status: 201, statements: 1 })
})

test('calls that come together share it', async () => {
  const { submit, during } = await counted()
  const forty = async () => {
    const replies = await Promise.all(Array.from({ length: 40 }, () => submit(readBody)))
    return { status: Math.max(...replies.map(({ status }) => status)) }
  }

  const { status, statements } = await during(forty)

  expect(status).toBe(201)
  expect(statements).toBeLessThan(40)
})

test('control: without memory each call looks up who asks and who is behind it', async () => {
  const { submit, during, ports } = await counted()
  ports.registry.forget()

  expect(await during(() => submit(readBody))).toEqual({ status: 201, statements: 6 })
})

test('what asks people reads besides whether one of them denied the same, and of each set whether it has people behind it', async () => {
  const { submit, during } = await counted()
  await submit(exportBody)

  // Nobody of the resource's owner, the data owners and Security has ever done anything.
  expect(await during(() => submit(exportBody))).toEqual({ status: 202, statements: 1 + 1 + 3 })
})

test('an idempotency key that comes again is told by the commit, and only then the request is read', async () => {
  const { submit, during } = await counted()
  const again = { 'idempotency-key': '"again"' }
  await submit(readBody, again)

  // The commit, the request, and who the people in it are today.
  expect(await during(() => submit(readBody, again))).toEqual({ status: 200, statements: 3 })
})
