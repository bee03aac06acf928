import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import type { LocalTeams } from '../../../src/sandbox/teams/server.ts'
import { openTeams } from './company.ts'
import { forgeries, tokenWith, withoutEndorsement } from './forge.ts'

interface Published {
  readonly keys: (JWK & { readonly endorsements?: readonly string[] })[]
}

async function published(teams: LocalTeams): Promise<Published> {
  return (await (await fetch(teams.services.keys)).json()) as Published // our own server
}

async function believed(teams: LocalTeams, token: string): Promise<boolean> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(await published(teams)), {
    issuer: teams.services.issuer,
    audience: teams.tenant.app.id,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'serviceurl'],
  })
  return payload.serviceurl === teams.serviceUrl
}

describe('the keys', () => {
  test('a good token is believed, before and after another key signs', async () => {
    const teams = await openTeams()
    const before = await tokenWith(teams)

    await teams.keys.rotate()

    expect(await believed(teams, before)).toBe(true)
    expect(await believed(teams, await tokenWith(teams))).toBe(true)
    expect((await published(teams)).keys.map(({ endorsements }) => endorsements)).toEqual([
      ['msteams'],
      ['msteams'],
    ])
    await teams.keys.rotate({ withdraw: true })
    await expect(believed(teams, before)).rejects.toThrow()
  })

  test('one that is published for another channel says so', async () => {
    const teams = await openTeams()

    await withoutEndorsement(teams)

    expect((await published(teams)).keys.at(-1)?.endorsements).toEqual(['webchat'])
  })

  test.each(Object.entries(forgeries))('a token is forged: %s', async (_, forge) => {
    const teams = await openTeams()
    const token = await forge(teams)

    const verdict = token === null ? false : await believed(teams, token).catch(() => false)

    expect(verdict).toBe(false)
  })
})
