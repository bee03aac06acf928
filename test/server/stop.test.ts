import { expect, test } from 'vitest'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { withStopPorts } from '../../src/server/stopPorts.ts'
import { freshDatabase } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { agentWith, allowedBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'

test('stale-replica: everything is stopped by a command while one replica hears nothing: it lets nothing through any more', async () => {
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

  // As “countersign stop everything” does it: no policy is loaded there and nobody is looked up.
  const config = { ...first.config, dataDir: temporaryDirectory() }
  const stop = await withStopPorts(config, (ports) =>
    makeStop(ports, {
      what: { kind: 'everything' },
      reason: 'The exporter runs wild',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    }),
  )

  const asked = await Promise.all(
    [first, second].flatMap(({ url }) => Array.from({ length: 20 }, () => agent.ask(url, allowedBody))),
  )
  expect(stop).not.toBeNull()
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([403]))
})
