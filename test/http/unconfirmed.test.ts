import { expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { exportBody, idIn, openHouse } from './house.ts'

const lee = { email: 'lee@acme.test' }

/** An agent that somebody with a shell registers in Lee's name, on a server where Lee can be asked. */
async function claimed() {
  const house = await openHouse()
  const ports = { ...house.ports, confirms: true }
  const issued = await addAgent(ports, { name: 'nightly', owner: lee, by: lee, via: 'cli' })
  return { house, issued, bearer: { authorization: `Bearer ${issued.credential}` } }
}

test('claimed-administrator: the key of an unconfirmed agent', async () => {
  const { house, bearer } = await claimed()
  const id = idIn(await house.submit(exportBody))

  for (const reply of [
    await house.submit(exportBody, bearer),
    await house.call('GET', `/v1/requests/${id}`, { headers: bearer }),
    await house.call('POST', `/v1/requests/${id}/cancel`, { headers: bearer }),
  ]) {
    expect(reply.status).toBe(403)
    expect(reply.body).toMatchObject({ code: 'agent_unconfirmed' })
  }
  expect(await house.store.requests({ limit: 10 })).toHaveLength(1)
})

test('a wrong secret of it is answered like any other wrong key', async () => {
  const { house, issued } = await claimed()
  const wrong = { authorization: `Bearer ${issued.credential.slice(0, -43)}${'A'.repeat(43)}` }

  expect((await house.submit(exportBody, wrong)).status).toBe(401)
})

test('control: the same call once it is confirmed', async () => {
  const { house, issued, bearer } = await claimed()
  const { agent, key } = issued
  await house.store.commit({
    agents: [{ expected: 1, next: { ...agent, version: 2, status: 'active' } }],
    keys: [{ expected: 1, next: { ...key, version: 2, status: 'active' } }],
    entries: [],
  })

  expect((await house.submit(exportBody, bearer)).status).toBe(202)
})

test('checked-at-use: a key that has expired is told apart from a wrong one, with what to do', async () => {
  const house = await openHouse()
  const word = { name: 'nightly', owner: lee, by: lee, via: 'cli' }
  const issued = await addAgent({ ...house.ports, confirms: false }, { ...word, lifetime: 3_600 })
  house.clock.advance(3_600)

  const reply = await house.submit(exportBody, { authorization: `Bearer ${issued.credential}` })

  expect(reply.status).toBe(401)
  expect(reply.body).toMatchObject({ code: 'key_expired', detail: expect.stringContaining('rotate') })
})
