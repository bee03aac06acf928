import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { memberAt } from './member.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, type Served, serve, temporaryDirectory } from './serve.ts'

const channel = 'C0DATA'

async function sandbox(options: { readonly database?: string; readonly dataDir?: string } = {}) {
  const database = options.database ?? (await freshDatabase())
  const dataDir = options.dataDir ?? temporaryDirectory()
  const served = await serve({ DATABASE_URL: database, DATA_DIR: dataDir })
  return { served, database, dataDir, record: recordOf(database), ...castOf(served) }
}

/** Who plays: the agent from the greeting, and the people at the page. */
function castOf({ sandbox: offered, url }: Served) {
  const [first] = offered?.agents ?? []
  const page = offered?.page ?? ''
  return { url, page, agent: agentWith(first?.key ?? ''), member: (id: string) => memberAt(page, id) }
}

test('a fresh start answers operators and newcomers, and says nothing of a policy that is missing', async () => {
  const { url, served } = await sandbox()
  const get = (path: string) => fetch(url + path, { redirect: 'manual' })

  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  expect(await (await get('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
  const home = await get('/')
  expect([home.status, home.headers.get('location')]).toEqual([302, '/sandbox/'])
  expect(served.logged).not.toContainEqual(expect.objectContaining({ condition: 'no_policy' }))
})

test('asked, refused as the initiator, approved by two others, and the waiting agent hears', async () => {
  const { url, agent, member, record } = await sandbox()
  const [alice, bob, priya] = [member('U0ALICE'), member('U0BOB'), member('U0PRIYA')]
  const asked = await agent.ask(url, exportBody)
  const hears = agent.wait(url, asked.id, 55)
  await record.cardsStand(2)

  await alice.press(channel, 'approve')
  await bob.press(channel, 'approve')
  expect(await agent.isSettled(url, asked.id)).toBe(false)
  await priya.press(channel, 'approve')

  expect(await hears).toMatchObject({ status: 200, state: 'approved' })
})

test('stopping answers an agent who waits, and the next start goes on from there', async () => {
  const first = await sandbox()
  const asked = await first.agent.ask(first.url, exportBody)
  await first.record.cardsStand(2)
  const arrived = callArrives(asked.id)
  const hears = first.agent.wait(first.url, asked.id, 55)
  await arrived
  await first.agent.wait(first.url, asked.id, 0) // and is past the looking up that every call begins with

  await first.served.stop()
  expect(await hears).toMatchObject({ state: 'pending' })
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow()

  const second = await sandbox(first)
  const agent = agentWith(first.served.sandbox?.agents[0]?.key ?? '') // the key of the first start still works
  expect(await second.member('U0BOB').cards(channel)).toHaveLength(1)
  await second.member('U0BOB').press(channel, 'approve')
  await second.member('U0PRIYA').press(channel, 'approve')
  expect(await agent.wait(second.url, asked.id, 55)).toMatchObject({ state: 'approved' })
  expect(await second.member('U0BOB').cards(channel)).toHaveLength(1)
})

/** Resolves when a call about this request has reached a server of this process. */
function callArrives(id: string): Promise<void> {
  return new Promise((resolve) => {
    const channel = 'http.server.request.start'
    const listen = (message: unknown): void => {
      const { request } = message as { readonly request: IncomingMessage } // what Node sends on this channel
      if (!request.url?.includes(id)) return
      unsubscribe(channel, listen)
      resolve()
    }
    subscribe(channel, listen)
  })
}
