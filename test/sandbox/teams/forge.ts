/** Tokens that an app has to refuse, each wrong in one way. */
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { connectorClaims, createKeySet, signToken } from '../../../src/sandbox/teams/keys.ts'
import { teamsIds } from '../../../src/sandbox/teams/seed.ts'
import type { LocalTeams } from '../../../src/sandbox/teams/server.ts'

const stranger = '5742a46e-0000-4000-a000-000000000099'

/** What a good token says. */
function goodClaims(teams: LocalTeams): JWTPayload {
  return connectorClaims({
    issuer: teams.services.issuer,
    audience: teams.tenant.app.id,
    serviceUrl: teams.serviceUrl,
    at: teams.tenant.now(),
  })
}

/** Signed by the connector's own key, with other claims; undefined takes one away. */
export async function tokenWith(
  teams: LocalTeams,
  different: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const claims = Object.entries({ ...goodClaims(teams), ...different }).filter(
    ([, value]) => value !== undefined,
  )
  return signToken(await teams.keys.current(), Object.fromEntries(claims))
}

/** What Entra issues to an app of any tenant, for ours as the audience. */
async function entraToken(teams: LocalTeams, tenant: string): Promise<string> {
  const claims = {
    ...goodClaims(teams),
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    tid: tenant,
  }
  return signToken(await teams.entraKeys.current(), claims)
}

/** By what is wrong with it. */
export const forgeries: Readonly<Record<string, (teams: LocalTeams) => Promise<string | null>>> = {
  'no token': async () => null,
  'no token but something else': async () => 'nonsense',
  'for another app': (teams) => tokenWith(teams, { aud: stranger }),
  'for our app by another name': (teams) => tokenWith(teams, { aud: `api://${teams.tenant.app.id}` }),
  'from another issuer': (teams) => tokenWith(teams, { iss: 'https://api.botframework.example' }),
  'from another service': (teams) => tokenWith(teams, { serviceurl: 'https://smba.evil.example/amer/' }),
  'of no service': (teams) => tokenWith(teams, { serviceurl: undefined }),
  expired: (teams) => tokenWith(teams, { exp: seconds(teams) - 3_600, nbf: seconds(teams) - 7_200 }),
  'without an end': (teams) => tokenWith(teams, { exp: undefined }),
  'not valid yet': (teams) => tokenWith(teams, { nbf: seconds(teams) + 3_600, exp: seconds(teams) + 7_200 }),
  'issued by Entra for another tenant': (teams) => entraToken(teams, stranger),
  'issued by Entra for our tenant': (teams) => entraToken(teams, teamsIds.tenant),
  'issued as by Entra, signed as by the connector': (teams) =>
    tokenWith(teams, { iss: `https://login.microsoftonline.com/${teamsIds.tenant}/v2.0` }),
  'signed with a key of Entra': async (teams) =>
    signToken(await teams.entraKeys.current(), goodClaims(teams)),
  'signed with a key that nobody knows': async (teams) =>
    signToken(await createKeySet(['msteams']).current(), goodClaims(teams)),
  'signed with another key under a known name': async (teams) => {
    const { privateKey } = await generateKeyPair('RS256')
    const { kid } = await teams.keys.current()
    return signToken({ kid, privateKey }, goodClaims(teams))
  },
  'signed with a public key as a secret (HS256)': async (teams) => {
    const { kid, publicJwk } = await teams.keys.current()
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk))
    return new SignJWT(goodClaims(teams)).setProtectedHeader({ alg: 'HS256', kid }).sign(secret)
  },
  'not signed (none)': async (teams) => {
    const { kid } = await teams.keys.current()
    return `${encoded({ alg: 'none', kid, typ: 'JWT' })}.${encoded(goodClaims(teams))}.`
  },
}

/** Signed with a key that is published, and not for Teams: from now on it signs. */
export async function withoutEndorsement(teams: LocalTeams, endorsements: readonly string[] = ['webchat']) {
  return signToken(await teams.keys.rotate({ endorsements }), goodClaims(teams))
}

function seconds(teams: LocalTeams): number {
  return Math.floor(teams.tenant.now() / 1_000)
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
