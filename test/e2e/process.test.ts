import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { memberAt } from '../server/member.ts'
import { recordOf } from '../server/record.ts'
import { agentWith, configOf, exportBody } from '../server/serve.ts'
import { openWorkspace, registerAgent } from '../server/workspace.ts'
import { patience } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

const channel = 'C0DATA'
const soon = { timeout: patience }

/** A data directory, and servers on it one after the other, as a newcomer starts and stops them. */
function place(environment: Readonly<Record<string, string>> = {}) {
  const data = temporaryDataDir()
  const servers: ServerProcess[] = []
  onTestFinished(async () => {
    for (const server of servers) await server.stop()
    data.remove()
  })
  return {
    path: data.path,
    start: async () => {
      const server = startServerProcess({
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: data.path,
        LOG_LEVEL: 'warn',
        ...environment,
      })
      servers.push(server)
      const url = await server.url
      return {
        server,
        url,
        member: (id: string) => memberAt(`${url}/sandbox/`, id),
      }
    },
    /** The running server's own database. */
    database: () => startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }), beside: true }),
  }
}

/** The agent from the greeting. */
function sandboxAgent(dataDir: string) {
  const [first] = JSON.parse(readFileSync(join(dataDir, 'sandbox-agents.json'), 'utf8'))
  return agentWith(first.key)
}

test('kill-anywhere: killed while people are asked and agents wait, it goes on after the next start', async () => {
  const at = place()
  const first = await at.start()
  const agent = sandboxAgent(at.path)
  const asked = await Promise.all(Array.from({ length: 3 }, () => agent.ask(first.url, exportBody)))
  const one = asked[0]?.id ?? ''
  const before = recordOf((await at.database()).url)
  await before.cardsStand(6) // in both channels of the sandbox
  // The local Slack writes down what it shows a moment later; a real one forgets nothing.
  const kept = () => readFileSync(join(at.path, 'sandbox-slack.json'), 'utf8')
  for (const { id } of asked) await expect.poll(kept, soon).toContain(`${id}|`)
  const lost = agent.wait(first.url, one, 55).catch(() => 'hung up')
  await agent.wait(first.url, one, 0) // the earlier call arrived before this one

  await first.server.stop('SIGKILL')
  expect(await lost).toBe('hung up')

  const second = await at.start()
  const record = recordOf((await at.database()).url)
  expect((await record.jobs()).filter((key) => key.startsWith('expire:'))).toHaveLength(3)
  expect(await record.cards()).toEqual(Array(6).fill('posted'))
  const hears = agent.wait(second.url, one, 55)
  for (const { id } of asked) await approveAll(second, id)

  expect(await hears).toMatchObject({ state: 'approved' })
  expect(await record.count('request.submitted')).toBe(3)
  expect(await record.count('decision.made')).toBe(6)
  expect(await record.count('request.approved')).toBe(3)
  expect(await record.cards()).toEqual(Array(6).fill('posted'))
  expect((await record.jobs()).filter((key) => key.startsWith('expire:'))).toEqual([])
})

test('kill-anywhere: killed while a card is on its way, the next start posts it within seconds', async () => {
  const { slack, environment } = await openWorkspace()
  const at = place(environment)
  const first = await at.start()
  const agent = agentWith(await registerAgent(configOf({ ...environment, DATA_DIR: at.path }), 'nightly'))
  slack.faults.next('chat.postMessage', { kind: 'hang' })
  const { id } = await agent.ask(first.url, exportBody)
  await expect.poll(() => slack.calls.some((call) => call.method === 'chat.postMessage'), soon).toBe(true)

  await first.server.stop('SIGKILL')
  const second = await at.start()

  const record = recordOf((await at.database()).url)
  await expect.poll(() => record.cards(), soon).toEqual(['replaced', 'posted'])
  expect(await record.count('card.posted')).toBe(1)
  expect(await agent.wait(second.url, id, 0)).toMatchObject({ state: 'pending' })
})

test('Ctrl-C ends the server and its database, and whoever waits is answered', async () => {
  const at = place()
  const { server, url } = await at.start()
  const agent = sandboxAgent(at.path)
  const { pid } = await at.database()
  const { id } = await agent.ask(url, exportBody)
  const hears = agent.wait(url, id, 55)
  for (let n = 0; n < 3; n += 1) await agent.wait(url, id, 0) // the earlier call arrived before these

  expect(await server.stop('SIGINT')).toBe(0)
  expect(await hears).toMatchObject({ state: 'pending' })
  expect(server.printed()).toContain('Everything that was acknowledged is kept.')
  expect(isAlive(pid)).toBe(false)
})

test('Ctrl-C while it is still starting leaves nothing running', async () => {
  const at = place()
  const server = startServerProcess({ PORT: '0', DATA_DIR: at.path, LOG_LEVEL: 'info' })
  await expect.poll(() => server.printed(), soon).toContain('migration applied')
  const { pid } = await at.database()

  await server.stop('SIGINT')

  expect(isAlive(pid)).toBe(false)
})

/** Bob and Priya approve the card of one request. */
async function approveAll(served: { member: (id: string) => ReturnType<typeof memberAt> }, id: string) {
  for (const who of ['U0BOB', 'U0PRIYA']) await served.member(who).press(channel, 'approve', id)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
