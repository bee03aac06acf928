import { describe, expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../../src/sandbox/teams/seed.ts'
import { askToken, call, cardMessage, openTeams, sampleCard, secret, tokenFor } from './company.ts'

const post = {
  path: `conversations/${encodeURIComponent(teamsChannels.data)}/activities`,
  body: cardMessage(sampleCard()),
}

describe('the login', () => {
  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['another app', { client_id: teamsIds.bob }, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no scope of its own', { scope: 'https://graph.microsoft.com/User.Read' }, 400, 'invalid_scope'],
  ])('refuses %s', async (_, different, status, error) => {
    const teams = await openTeams()

    const said = await askToken(teams, different)

    expect(said).toMatchObject({ status, body: { error, error_codes: [expect.any(Number)] } })
    expect(JSON.stringify(said.body)).not.toContain(secret)
    expect(JSON.stringify(teams.calls)).not.toContain(secret)
  })

  test('a token opens only what it is for, until it expires or is taken back', async () => {
    let at = Date.now()
    const teams = await openTeams({ now: () => at, tokenSeconds: 60 })
    const [one, other] = [await tokenFor(teams), await tokenFor(teams)]
    const graph = await tokenFor(teams, 'graph')

    // Several live at the same time.
    for (const token of [one, other])
      expect((await call(teams, 'connector', { ...post, token })).status).toBe(201)
    expect((await call(teams, 'connector', { ...post, token: graph })).status).toBe(401)
    expect((await call(teams, 'graph', { path: `users/${teamsIds.bob}`, token: one })).status).toBe(401)
    at += 59_000
    expect((await call(teams, 'connector', { ...post, token: one })).status).toBe(201)
    at += 1_000
    expect((await call(teams, 'connector', { ...post, token: one })).status).toBe(401)
    const fresh = await tokenFor(teams)
    teams.login.revoke()
    expect((await call(teams, 'connector', { ...post, token: fresh })).status).toBe(401)
  })
})
