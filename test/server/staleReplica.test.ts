import { cpSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { withParts } from '../../src/server/compose.ts'
import { freshDatabase } from '../support/database.ts'
import { type Relay, relayTo } from '../support/relay.ts'
import { agentWith, allowedBody, type Served, serve, temporaryDirectory } from './serve.ts'
import { activateFrom, openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'
const closed =
  '- {id: closed, description: Nothing is read any more., match: {actions: [repo.read]}, verdict: deny}\n'

/** The policy that ships, without what asks for approval of its changes, as a ConfigMap would mount it. */
function policyDirectory(): string {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, '..2026_11_30'))
  cpSync('policies', join(directory, '..2026_11_30'), { recursive: true })
  symlinkSync('..2026_11_30', join(directory, '..data'))
  for (const name of readdirSync('policies')) symlinkSync(`..data/${name}`, join(directory, name))
  return directory
}

/** The directory of tomorrow, put in the place of today's the way a ConfigMap is. */
function exchange(directory: string): void {
  cpSync(join(directory, '..2026_11_30'), join(directory, '..2026_12_01'), { recursive: true })
  writeFileSync(join(directory, '..2026_12_01', 'rules', 'closed.yaml'), closed)
  symlinkSync('..2026_12_01', join(directory, '..next'))
  renameSync(join(directory, '..next'), join(directory, '..data'))
}

const readiness = async ({ url }: Served) => (await fetch(`${url}/readyz`)).status

describe('stale-replica: a stricter policy is activated while one replica hears nothing', () => {
  test.each<[string, (relay: Relay) => void]>([
    ['the connection that hears', (relay) => relay.silenceOnly('countersign listen')],
    ['every connection', (relay) => relay.silence()],
  ])(
    '%s goes silent: it never allows by the old one, says that it is not ready, and is ready again',
    async (_, silence) => {
      const workspace = await openWorkspace()
      const database = await freshDatabase()
      const relay = await relayTo(database)
      const policyDir = policyDirectory()
      const environment = { ...workspace.environment, COUNTERSIGN_SECRET: secret, POLICY_DIR: policyDir }
      const start = (url: string) =>
        serve({ ...environment, DATABASE_URL: url, DATA_DIR: temporaryDirectory() })
      const [first, second] = [await start(database), await start(relay.url)]
      const agent = agentWith(await registerAgent(first.config, 'nightly'))
      expect(await agent.ask(second.url, allowedBody)).toMatchObject({ state: 'approved' })
      expect(await readiness(second)).toBe(200)
      silence(relay)
      exchange(policyDir)

      await activateFrom(policyDir, first.config)

      const asked = await Promise.all(Array.from({ length: 20 }, () => agent.ask(second.url, allowedBody)))
      expect(asked.filter(({ state }) => state === 'approved')).toEqual([])
      for (const { status, state } of asked) expect(status === 503 || state === 'denied').toBe(true)
      // It may be over before anybody asks for readiness, so what it said of itself is looked at.
      const said = (msg: RegExp) =>
        second.logged.some((line) => line.condition === 'policy_unconfirmed' && msg.test(line.msg))
      await expect.poll(() => said(/this server is not ready/)).toBe(true)
      await expect.poll(() => said(/works again/)).toBe(true)
      await expect.poll(() => readiness(second)).toBe(200)
      expect(await readiness(first)).toBe(200)
      for (const { url } of [first, second])
        expect(await agent.ask(url, allowedBody)).toMatchObject({ state: 'denied' })
    },
  )
})

test('stale-replica: a key is revoked at one replica while another hears nothing: it asks for nothing there any more', async () => {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const relay = await relayTo(database)
  const environment = { ...workspace.environment, COUNTERSIGN_SECRET: secret }
  const start = (url: string) => serve({ ...environment, DATABASE_URL: url, DATA_DIR: temporaryDirectory() })
  const [first, second] = [await start(database), await start(relay.url)]
  const agent = agentWith(await registerAgent(first.config, 'nightly'))
  for (const { url } of [first, second])
    expect(await agent.ask(url, allowedBody)).toMatchObject({ state: 'approved' })
  relay.silenceOnly('countersign listen')

  await withParts(first.config, ({ ports }) =>
    revokeAgent(ports, { name: 'nightly', by: { email: 'lee@acme.test' }, via: 'cli' }),
  )

  const asked = await Promise.all(Array.from({ length: 20 }, () => agent.ask(second.url, allowedBody)))
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([401]))
  expect(await agent.ask(first.url, allowedBody)).toMatchObject({ status: 401 })
})
