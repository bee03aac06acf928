import { reachOf } from '../../src/channels/reach.ts'
import type { TeamsAccess, TeamsCredential } from '../../src/teams/access.ts'
import type { AdaptiveCard } from '../../src/teams/card/elements.ts'
import { createConnector } from '../../src/teams/outbound/connector.ts'
import { refusalFixes } from '../../src/teams/outbound/refusals.ts'
import { createTokens } from '../../src/teams/outbound/tokens.ts'
import { watchedConnector, watchedTokens } from '../../src/teams/outbound/watched.ts'
import { heardHealth } from '../support/health.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { listening, access as somewhere } from './connectorKeys.ts'

interface Asked {
  readonly line: string
  readonly body: string
  readonly authorization: unknown
}

export type Answer = { status: number; body: unknown; headers?: Record<string, string> }

export const card: AdaptiveCard = {
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body: [],
  msteams: { width: 'Full' },
}
export const message = { summary: 'Somebody asks', card }

/** Tokens and the connector, over services whose answers a test changes. */
export async function openOutbound() {
  const clock = testClock()
  const asked: Asked[] = []
  let nth = 0
  const says = {
    login: async (): Promise<Answer> => {
      nth += 1
      return { status: 200, body: { token_type: 'Bearer', expires_in: 3_600, access_token: `token-${nth}` } }
    },
    connector: async (): Promise<Answer> => ({ status: 201, body: { id: '1700000000000' } }),
  }
  const service = await listening((line, body, { authorization }) => {
    asked.push({ line, body, authorization })
    return line.includes('/oauth2/') ? says.login() : says.connector()
  })
  const health = heardHealth()
  const isLogin = ({ line }: Asked) => line.includes('/oauth2/')
  const speaking = (credential: TeamsCredential) => {
    const services = { ...somewhere.services, connector: `${service.url}/teams`, login: service.url }
    const access: TeamsAccess = { ...somewhere, credential, services }
    const tokens = createTokens(access, { ages: agesOf(clock) })
    const watch = reachOf(health.health, {
      ...{ name: 'Teams', proof: 'our app', isBeside: false, fixes: refusalFixes },
      part: (of) => `${of} Teams`,
    })
    const connector = watchedConnector(
      createConnector({ access, tokens: watchedTokens(tokens, watch), limit: 250 }),
      watch,
    )
    return { tokens, connector }
  }
  const { tokens, connector } = speaking({ kind: 'secret', secret: 'a-secret-of-the-app' })
  return {
    ...{ clock, asked, says, service, health, tokens, connector, speaking },
    logins: () => asked.filter(isLogin),
    calls: () => asked.filter((one) => !isLogin(one)),
    post: () => connector.post({ conversation: '19:data@thread.tacv2' }, message),
  }
}
