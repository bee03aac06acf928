import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { TeamsAccess } from '../../src/teams/access.ts'

export const appId = '11111111-1111-4111-8111-111111111111'
export const tenant = '22222222-2222-4222-8222-222222222222'
export const ann = '33333333-3333-4333-8333-333333333333'

export const access: TeamsAccess = {
  appId,
  tenant,
  credential: { kind: 'secret', secret: 'a-secret-of-the-app' },
  services: {
    connector: 'https://smba.example/teams',
    login: 'https://login.example',
    graph: 'https://graph.example',
    keys: 'https://keys.example/keys',
    issuer: 'https://issuer.example',
  },
}

const serviceUrl = 'https://smba.example/emea/'

export interface TestKey {
  readonly kid: string
  readonly jwk: Readonly<Record<string, unknown>>
  readonly privateKey: CryptoKey
}

export async function testKey(kid: string, change: Readonly<Record<string, unknown>> = {}): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const published = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }
  return { kid, privateKey, jwk: { ...published, endorsements: ['msteams'], ...change } }
}

/** A token of the connector, of `now`. */
export function claims(now: Date, change: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const at = Math.floor(now.getTime() / 1_000)
  return {
    iss: access.services.issuer,
    aud: appId,
    nbf: at - 300,
    exp: at + 3_600,
    serviceurl: serviceUrl,
    ...change,
  }
}

export async function bearer(key: TestKey, payload: JWTPayload, kid = key.kid): Promise<string> {
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .sign(key.privateKey)
  return `Bearer ${token}`
}

/** A press of Ann's on a card, as the connector sends it. */
export function press(now: Date, change: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: 'f:1',
    timestamp: now.toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:ann', aadObjectId: ann, name: 'Ann' },
    recipient: { id: `28:${appId}` },
    conversation: {
      id: '19:data@thread.tacv2;messageid=1',
      conversationType: 'channel',
      isGroup: true,
      tenantId: tenant,
    },
    channelData: { tenant: { id: tenant } },
    replyToId: '1',
    value: {
      action: { type: 'Action.Execute', verb: 'refresh', data: { value: 'req_1|crd_1' } },
      trigger: 'manual',
    },
    ...change,
  }
}

/** What a test says with every request. Answers at an address of this machine until it is closed. */
export async function listening(
  handle: (
    url: string,
    body: string,
    head: Readonly<Record<string, unknown>>,
  ) => Promise<{
    readonly status: number
    readonly body: unknown
    readonly headers?: Readonly<Record<string, string>>
  }>,
): Promise<{ readonly url: string; readonly server: Server; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => {
      handle(`${req.method} ${req.url}`, Buffer.concat(parts).toString('utf8'), req.headers).then(
        ({ status, body, headers = {} }) => {
          res.writeHead(status, headers)
          res.end(typeof body === 'string' ? body : JSON.stringify(body))
        },
        () => res.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens at a port
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
