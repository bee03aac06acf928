import { expect, test } from 'vitest'
import { createHold, heldStore } from '../../src/server/heldStore.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { exportBody, openHouse } from './house.ts'

test('ledger-behind: what changes something is refused with a code of its own, and what reads is answered; control: before, both work', async () => {
  const hold = createHold()
  const store = memoryStore()
  const house = await openHouse({ store: heldStore(store, hold) })
  const before = await house.submit(exportBody)
  expect(before.status).toBeLessThan(300)
  const { id } = before.body as { readonly id: string } // of a submission that was taken
  const recorded = store.ledger.length

  hold.hold('the database is older than an anchor: vault')
  const changes = [
    await house.submit({ ...exportBody, reason: 'again' }),
    await house.call('POST', `/v1/requests/${id}/cancel`),
  ]

  for (const { status, body, headers, text } of changes) {
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'ledger_behind' })
    expect(headers.get('retry-after')).toBe('60')
    expect(text).not.toContain('vault')
  }
  expect(store.ledger).toHaveLength(recorded)
  expect((await house.call('GET', `/v1/requests/${id}`)).status).toBe(200)
})
