import { onTestFinished } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import type { LocalSlack } from '../../src/sandbox/slack/server.ts'
import { createHealth } from '../../src/server/health.ts'
import { createClients, type SlackClients } from '../../src/slack/outbound/clients.ts'
import { createReach } from '../../src/slack/outbound/reach.ts'
import { type RotatingToken, rotatingToken } from '../../src/slack/outbound/rotatingToken.ts'
import { tokenExchange } from '../../src/slack/outbound/tokenExchange.ts'
import { channelTokensOn } from '../../src/store/channelTokens.ts'
import { sealWith } from '../../src/store/seal.ts'
import { secretOf } from '../../src/store/secretFile.ts'
import { botToken, handClock, openSlack } from '../sandbox/slack/company.ts'
import { opened, silent } from '../store/opened.ts'

export const rotation = {
  clientId: '1.2',
  clientSecret: 'c'.repeat(32),
  refreshToken: 'xoxe-1-first',
  lifeSeconds: 43_200,
} as const
const secret = secretOf('s'.repeat(43))
const place = 'slack:T0ACME'

/** A Slack whose tokens rotate, a database with the first pair, and replicas with the real client. */
export async function openRotated(credentials: { clientId: string; clientSecret: string } = rotation) {
  const clock = handClock()
  const slack = await openSlack({ rotation, now: clock.now })
  onTestFinished(() => slack.close())
  const open = await opened()
  await open.installation({ kind: 'production', secretFingerprint: secret.fingerprint, newId: () => 'wsp_1' })
  const tokens = channelTokensOn(open.pool, sealWith(secret))
  const entry = () =>
    newEntry(
      { ids: randomIds, clock: () => new Date(), workspace: 'wsp_1' },
      {
        type: 'channel.connected',
        actor: { kind: 'system', id: 'operator', via: 'cli' },
        subject: { kind: 'installation', id: 'wsp_1' },
      },
    )
  await tokens.set(place, { access: botToken, refresh: rotation.refreshToken }, entry())
  return {
    slack,
    clock,
    tokens,
    pool: open.pool,
    entry,
    replica: (holder = 'rpl_1') => replica(slack, { tokens, credentials, holder }),
    exchanges: () => slack.calls.filter(({ method }) => method === 'oauth.v2.access').length,
    /** Time goes by, in Slack and in the database. */
    async pass(hours: number) {
      clock.advance(hours * 3_600_000)
      await open.pool.query(
        'UPDATE channel_tokens SET issued_at = issued_at - make_interval(hours => $1), expires_at = expires_at - make_interval(hours => $1), tried_at = tried_at - make_interval(hours => $1)',
        [hours],
      )
    },
    /** So long ago that it may be tried again. */
    forgetTry: () => open.pool.query("UPDATE channel_tokens SET tried_at = tried_at - interval '2 minutes'"),
  }
}

interface Replica {
  readonly token: RotatingToken
  readonly clients: SlackClients
  /** What is wrong with it, by its code. */
  readonly wrong: () => readonly string[]
  readonly detail: () => string
}

function replica(
  slack: LocalSlack,
  by: {
    readonly tokens: ReturnType<typeof channelTokensOn>
    readonly credentials: { clientId: string; clientSecret: string }
    readonly holder: string
  },
): Replica {
  const health = createHealth(silent)
  const token = rotatingToken({
    tokens: by.tokens,
    exchange: tokenExchange(by.credentials, { apiUrl: slack.apiUrl, log: silent }),
    holder: by.holder,
    health,
    log: silent,
  })
  const access = { botToken: '', apiUrl: slack.apiUrl, rotating: token }
  return {
    token,
    clients: createClients(access, silent, createReach(health)),
    wrong: () => health.now().map(({ code }) => code),
    detail: () =>
      health
        .now()
        .map(({ detail }) => detail)
        .join(' '),
  }
}
