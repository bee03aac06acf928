import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHealth } from '../../src/server/health.ts'
import { everybody } from '../../src/server/otherWorkspaces.ts'
import type { SlackIdentity } from '../../src/slack/identity.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { testDirectory } from '../support/testDirectory.ts'

/** What Slack says of the token. */
let token: { team: string; app: string }
const slack = createServer((req, res) => {
  const answer = req.url?.includes('auth.test')
    ? { ok: true, team_id: token.team, user_id: 'U0BOT', bot_id: 'B0BOT' }
    : { ok: true, bot: { app_id: token.app } }
  req.resume()
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
})
beforeEach(async () => {
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  slack.closeAllConnections()
  await new Promise((resolve) => slack.close(resolve))
})

const acme: SlackIdentity = {
  ...{ appId: 'A0COUNTERSIGN', teamId: 'T0ACME', enterpriseId: null },
  ...{ botId: 'B0ACME', botUserId: 'U0ACME' },
}

/** Connects to the workspace that the operator names, as somebody who knows who the first one is, or does not yet. */
async function connecting(team: string, first: SlackIdentity | null = acme) {
  const log = pino({ level: 'silent' })
  const { port } = slack.address() as AddressInfo // it listens on TCP
  const named = { apiUrl: `http://127.0.0.1:${port}/`, others: [{ team, botToken: 'xoxb-second' }] }
  const { others } = everybody(named, {
    ...{ first: { identity: () => first, directory: testDirectory() } },
    ...{ health: createHealth(log), ages: agesOf(testClock()), log },
  })
  return others[0]?.connect()
}

describe('the token of another workspace', () => {
  test('control: of the workspace that is named, and of the same app', async () => {
    token = { team: 'T0EMEA', app: acme.appId }
    await expect(connecting('T0EMEA')).resolves.toMatchObject({ identity: { teamId: 'T0EMEA' } })
    await expect(connecting('T0EMEA', null)).resolves.toBeDefined()
  })

  test.each([
    [
      'of another workspace than is named',
      { team: 'T0EVIL', app: acme.appId },
      'T0EMEA',
      'belongs to T0EVIL',
    ],
    ['of another app', { team: 'T0EMEA', app: 'A0EVIL' }, 'T0EMEA', 'belongs to another app (A0EVIL)'],
    ['of the first workspace', { team: 'T0ACME', app: acme.appId }, 'T0ACME', 'is of the first workspace'],
  ])('foreign-payload: %s is not taken', async (_, of, team, says) => {
    token = of
    await expect(connecting(team)).rejects.toThrow(says)
  })
})
