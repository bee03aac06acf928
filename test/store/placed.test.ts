import { expect, test } from 'vitest'
import { commandToVerify, placeIn, placeText } from '../../src/ledger/place.ts'
import { madeLine, madeRequest } from './made.ts'
import { opened } from './opened.ts'
import { sealed } from './sealingWorld.ts'

const id = `req_${'1'.repeat(26)}`

/** A request with an entry that is sealed, and one that waits for its place. */
async function halfSealed() {
  const open = await opened()
  const line = (type: 'request.submitted' | 'reminder.sent' | 'attempts.alarmed') =>
    madeLine({ type, request: id })
  await open.store.commit({ entries: [madeLine()] })
  await open.store.commit({
    request: { expected: null, next: madeRequest({ id }) },
    judgedBy: null,
    entries: [line('request.submitted')],
  })
  const record = (type: Parameters<typeof line>[0]) => open.store.commit({ entries: [line(type)] })
  return { ...open, record }
}

test('a request is read with its place: null before the ledger has begun, and while its entries wait', async () => {
  const open = await halfSealed()
  expect(await open.store.placedRequest(id)).toMatchObject({ id, place: null })

  await sealed(open)
  expect((await open.store.placedRequest(id))?.place).toEqual({
    origin: 'acme.test/ledger',
    first: 1,
    latest: 1,
  })

  await open.record('reminder.sent')
  expect((await open.store.placedRequest(id))?.place).toEqual({
    origin: 'acme.test/ledger',
    first: 1,
    latest: null,
  })

  await sealed(open)
  expect((await open.store.placedRequest(id))?.place).toEqual({
    origin: 'acme.test/ledger',
    first: 1,
    latest: 2,
  })
  // Control: besides the place it is what is read without it, and what is not there is null.
  const { place: _, ...request } = (await open.store.placedRequest(id)) ?? { place: null }
  expect(request).toEqual(await open.store.request(id))
  expect(await open.store.placedRequest(`req_${'2'.repeat(26)}`)).toBeNull()
})

test('own-attempts: an alarm does not show in the place that an agent is told', async () => {
  const open = await halfSealed()
  await sealed(open)
  const before = await open.store.placedRequest(id)

  await open.record('attempts.alarmed')
  await sealed(open)

  expect(await open.store.placedRequest(id)).toEqual(before)
  // Control: what may be told does.
  await open.record('reminder.sent')
  await sealed(open)
  expect((await open.store.placedRequest(id))?.place).toMatchObject({ first: 1, latest: 3 })
})

test('the index of each of some entries; one that waits has none', async () => {
  const open = await halfSealed()
  expect(await open.store.placesOf([])).toBeNull()
  await sealed(open)
  await open.record('reminder.sent')
  const ids = (await open.store.entries(id)).map((entry) => entry.id)

  expect(await open.store.placesOf([...ids, 'ent_none'])).toEqual({
    origin: 'acme.test/ledger',
    indexes: new Map([[ids[0], 1]]),
  })
})

test('the same words for everybody', () => {
  expect(placeText(placeIn('acme/ledger', [12, 14, 40]))).toBe('in the ledger acme/ledger from 12 to 40')
  expect(placeText(placeIn('acme/ledger', [12]))).toBe('in the ledger acme/ledger at 12')
  expect(placeText(placeIn('acme/ledger', [12, null]))).toMatch(/from 12; its latest entry gets its place/)
  expect(placeText(placeIn('acme/ledger', [null, null]))).toMatch(/^not in the ledger acme\/ledger yet/)
  expect(commandToVerify('req_1')).toBe('countersign audit request req_1')
})
