import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { readRunning } from '../../src/server/running.ts'
import { startServer } from '../../src/server/start.ts'
import { freshDatabase } from '../support/database.ts'
import { configOf, listeningLog, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'

/** What two starts on one database have in common. */
const shared = async () => ({ DATABASE_URL: await freshDatabase(), COUNTERSIGN_SECRET: secret })
const start = (environment: Record<string, string>) =>
  serve({ ...environment, DATA_DIR: temporaryDirectory() })

async function kids(url: string): Promise<readonly string[]> {
  const { keys } = await (await fetch(`${url}/.well-known/jwks.json`)).json()
  return keys.map(({ kid }: { readonly kid: string }) => kid).sort()
}

async function inDatabase(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('a server', () => {
  test('two-replicas: two that start at once publish the same two keys, and so does one that starts later', async () => {
    const { environment: workspace } = await openWorkspace() // agents of two sandboxes would meet
    const environment = { ...workspace, ...(await shared()) }

    const [a, b] = await Promise.all([start(environment), start(environment)])

    expect(await kids(a.url)).toHaveLength(2)
    expect(await kids(b.url)).toEqual(await kids(a.url))
    await a.stop()
    expect(await kids((await start(environment)).url)).toEqual(await kids(b.url))
  })

  test('is the issuer that its address says', async () => {
    const { url } = await start(await shared())

    const found = await (await fetch(`${url}/.well-known/openid-configuration`)).json()

    expect(found).toMatchObject({ issuer: url, jwks_uri: `${url}/.well-known/jwks.json` })
  })

  test('whose address is plain http to the world publishes nothing, and serves all the same', async () => {
    const { config } = await start({ ...(await shared()), BASE_URL: 'http://approvals.example.com' })
    const { url } = readRunning(config.dataDir) ?? {}

    expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(503)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})

describe('a key that does not open', () => {
  const started = async (tampering: string) => {
    const environment = await shared()
    await (await start(environment)).stop()
    await inDatabase(environment.DATABASE_URL, tampering)
    const config = configOf({ ...environment, DATA_DIR: temporaryDirectory() })
    const { log, logged } = listeningLog()
    const told = await startServer(config, log).then(
      async (server) => {
        await server.stop()
        return 'it started'
      },
      (fault: unknown) => fault,
    )
    return { told, logged, environment }
  }

  test.each(['active', 'next'])('keeps the server from starting when it is the %s one', async (status) => {
    const { told, environment, logged } = await started(
      `UPDATE signing_keys SET version = version + 1, sealed = left(sealed, -4) || 'AAAA' WHERE status = '${status}'`,
    )

    const [row] = await inDatabase(
      environment.DATABASE_URL,
      `SELECT id, sealed FROM signing_keys WHERE status = '${status}'`,
    )
    expect(told).toMatchObject({
      message: expect.stringContaining(`the sealed signing-key of ${row?.id} does not open`),
      fix: expect.stringContaining(`countersign keys retire ${row?.id}`),
    })
    expect(JSON.stringify([String(told), logged])).not.toContain(String(row?.sealed).slice(3, 40))
  })

  test('is no obstacle when it is retired: what it signed is refused', async () => {
    const { told } = await started(
      `INSERT INTO signing_keys SELECT 'old', 1, 'retired', public_jwk, 'v1.AAAA', created_at, since FROM signing_keys LIMIT 1`,
    )

    expect(told).toBe('it started')
  })
})

test('secrets: the database holds no private key that could be read', async () => {
  const environment = await shared()
  await start(environment)

  const rows = await inDatabase(environment.DATABASE_URL, 'SELECT * FROM signing_keys')

  expect(rows).toHaveLength(2)
  expect(JSON.stringify(rows)).not.toMatch(/PRIVATE KEY|"d":/)
  for (const { sealed } of rows) expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/)
})
