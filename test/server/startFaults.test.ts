import { cpSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../src/server/start.ts'
import { freshDatabase, urlOf } from '../support/database.ts'
import { agentWith, allowedBody, configOf, listeningLog, serve, temporaryDirectory } from './serve.ts'
import { activateFrom, openWorkspace } from './workspace.ts'

/** What the operator is told when a server does not start. */
async function refusal(environment: Record<string, string>): Promise<unknown> {
  const started = startServer(configOf(environment), listeningLog().log)
  return started.then(
    async (server) => {
      await server.stop()
      return 'it started'
    },
    (error: unknown) => error,
  )
}

const problem = (says: string, fix: string) =>
  expect.objectContaining({ message: expect.stringContaining(says), fix: expect.stringContaining(fix) })

const fresh = async () => ({ DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() })

describe('what keeps a server from starting is named with its fix', () => {
  test('a port that something else listens on', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo // it listens on TCP

    expect(await refusal({ ...(await fresh()), PORT: String(port) })).toEqual(
      problem(`127.0.0.1:${port}: something else listens there`, `PORT=${port + 1}`),
    )
  })

  test.each([
    [
      'unreachable',
      () => 'postgresql://nobody@127.0.0.1:1/none',
      'could not be reached: nothing listens at that address',
    ],
    [
      'wrong password',
      () => urlOf('postgres').replace(/:[^:@]+@/, ':wrong@'),
      'refused the user name or password',
    ],
    ['missing', () => urlOf('no_such_database'), 'no database of that name'],
  ])('a database that is %s', async (_, url, says) => {
    const told = await refusal({ DATABASE_URL: url(), DATA_DIR: temporaryDirectory() })

    expect(told).toEqual(problem(says, ''))
    expect(JSON.stringify(told)).toMatch(/DATABASE_URL|createdb/)
    expect(String(told) + JSON.stringify(told)).not.toContain(':wrong@')
  })

  test.each(['DATABASE_URL', 'its own database'])(
    'a data directory that is a file, with %s',
    async (which) => {
      const file = join(temporaryDirectory(), 'file')
      writeFileSync(file, 'not a directory')
      const database: Record<string, string> =
        which === 'DATABASE_URL' ? { DATABASE_URL: await freshDatabase() } : {}

      expect(await refusal({ ...database, DATA_DIR: file })).toEqual(problem(file, 'DATA_DIR'))
    },
  )

  test('a policy directory that is not there', async () => {
    expect(await refusal({ ...(await fresh()), POLICY_DIR: '/nowhere/policies' })).toEqual(
      problem('/nowhere/policies', 'POLICY_DIR'),
    )
  })

  test('Slack that does not accept the token', async () => {
    const { environment } = await openWorkspace()

    expect(await refusal({ ...(await fresh()), ...environment, SLACK_BOT_TOKEN: 'xoxb-other' })).toEqual(
      problem('invalid_auth', 'countersign doctor'),
    )
  })
})

describe('a database belongs to one installation', () => {
  test("the sandbox's is refused to a real workspace", async () => {
    const place = await fresh()
    await (await serve(place)).stop()

    const { environment } = await openWorkspace()
    expect(await refusal({ ...place, ...environment })).toEqual(
      problem('belongs to a sandbox', 'DATABASE_URL'),
    )
  })

  test("a real workspace's is refused to the sandbox", async () => {
    const place = await fresh()
    const { environment } = await openWorkspace()
    await (await serve({ ...place, ...environment })).stop()

    expect(await refusal(place)).toEqual(problem('belongs to a real workspace', 'SLACK_'))
  })

  test('another secret is refused, the right one is not', async () => {
    const place = await fresh()
    await (await serve(place)).stop()

    expect(await refusal({ ...place, COUNTERSIGN_SECRET: 'x'.repeat(43) })).toEqual(
      problem('another secret', 'COUNTERSIGN_SECRET'),
    )
    expect(await refusal(place)).toBe('it started')
  })
})

describe('a bundle that does not load', () => {
  const brokenPolicies = () => {
    const directory = join(temporaryDirectory(), 'policies')
    cpSync('policies', directory, { recursive: true })
    writeFileSync(join(directory, 'rules', 'broken.yaml'), '- {id: broken, verdict: perhaps}\n')
    return directory
  }

  test('leaves the one that was active in force, and says so', async () => {
    const place = await fresh()
    await (await serve(place)).stop()

    const { sandbox, url, logged } = await serve({ ...place, POLICY_DIR: brokenPolicies() })

    expect(logged).toContainEqual(
      expect.objectContaining({ level: 50, msg: 'the policy bundle cannot be activated' }),
    )
    expect(JSON.stringify(logged)).toContain('rules/broken.yaml:1')
    const agent = agentWith(sandbox?.agents[0]?.key ?? '')
    expect(await agent.ask(url, allowedBody)).toMatchObject({ status: 201, state: 'approved' })
  })

  test('denies everything when there was none, and is not ready until one is activated from elsewhere', async () => {
    const { sandbox, url, logged, judges, config } = await serve({
      ...(await fresh()),
      POLICY_DIR: brokenPolicies(),
    })

    expect(logged).toContainEqual(
      expect.objectContaining({
        condition: 'no_policy',
        msg: 'No policy is active, so every request is denied.',
      }),
    )
    expect(judges()).toBe(false)
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    const agent = agentWith(sandbox?.agents[0]?.key ?? '')
    expect(await agent.ask(url, allowedBody)).toMatchObject({ status: 201, state: 'denied' })

    await activateFrom('policies', config)

    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await agent.ask(url, allowedBody)).toMatchObject({ status: 201, state: 'approved' })
  })
})
