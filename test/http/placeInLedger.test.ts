import { expect, test } from 'vitest'
import { opened } from '../store/opened.ts'
import { sealed } from '../store/sealingWorld.ts'
import { click } from '../support/world.ts'
import { exportBody, idIn, openHouse } from './house.ts'

/** A house on a database whose ledger has begun; nothing is sealed by itself. */
async function houseOnDatabase() {
  const open = await opened()
  await sealed(open)
  const house = await openHouse({ store: open.store })
  const look = (id: string, etag = '') =>
    house.call('GET', `/v1/requests/${id}`, { headers: etag === '' ? {} : { 'if-none-match': etag } })
  return { ...house, seal: () => sealed(open), look }
}

test('a request says where it stands in the ledger, and how that is verified', async () => {
  const house = await houseOnDatabase()
  const asked = await house.submit(exportBody)
  const id = idIn(asked)
  const verify = `countersign audit request ${id}`
  expect(asked.body).not.toHaveProperty('ledger')
  const waits = { origin: 'acme.test/ledger', first: null, latest: null, verify }
  expect(await house.look(id)).toMatchObject({ status: 200, body: { ledger: waits } })

  await house.seal()
  const entries = await house.store.entries(id)
  const before = await house.look(id)
  const { first } = (before.body as { ledger: { first: number } }).ledger
  expect(before.body).toMatchObject({
    ledger: { first: expect.any(Number), latest: first + entries.length - 1 },
  })

  await click(house, id, 'U0BOB')
  expect(await house.look(id)).toMatchObject({ body: { ledger: { first, latest: null } } })

  await house.seal()
  const { latest } = ((await house.look(id)).body as { ledger: { latest: number } }).ledger
  expect(latest).toBeGreaterThan(first)
})

test('whoever looked before it had its place hears that it has one, once', async () => {
  const house = await houseOnDatabase()
  const asked = await house.submit(exportBody)
  const id = idIn(asked)
  const before = asked.headers.get('etag') ?? ''
  // What asking answered is still so: nothing has its place.
  expect((await house.look(id, before)).status).toBe(304)

  await house.seal()

  const news = await house.look(id, before)
  expect(news).toMatchObject({ status: 200, body: { ledger: { first: expect.any(Number) } } })
  expect((await house.look(id, news.headers.get('etag') ?? '')).status).toBe(304)
})

test('only a look at the one request shows it: no other answer reads the ledger', async () => {
  const house = await houseOnDatabase()
  const id = idIn(await house.submit(exportBody))
  await house.seal()

  const list = await house.call('GET', '/v1/requests')
  const cancelled = await house.call('POST', `/v1/requests/${id}/cancel`)

  expect(list.text).toContain(id)
  for (const { text } of [list, cancelled]) expect(text).not.toContain('"ledger"')
  // Control: a look does.
  expect((await house.look(id)).text).toContain('"ledger"')
})
