import { describe, expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import type { LocalTeams, LocalTeamsOptions } from '../../src/sandbox/teams/server.ts'
import type { TeamsAccess, TeamsCredential } from '../../src/teams/access.ts'
import { addressOf } from '../../src/teams/address.ts'
import { checkTeams } from '../../src/teams/doctor.ts'
import { openTeams, secret } from '../sandbox/teams/company.ts'
import { certificate, privateKey } from './certificate.ts'

const none = '00000000-0000-4000-a000-000000000000'
const now = new Date('2026-12-02T12:00:00Z')

const accessTo = (teams: LocalTeams, credential?: TeamsCredential): TeamsAccess => ({
  appId: teamsIds.app,
  tenant: teamsIds.tenant,
  credential: credential ?? { kind: 'secret', secret },
  services: teams.services,
})

interface Named {
  readonly channels?: readonly string[]
  readonly groups?: readonly string[]
  readonly people?: readonly string[]
  readonly credential?: TeamsCredential
  readonly now?: Date
}

/** What the doctor finds, by its name. */
async function found(teams: LocalTeams, { credential, ...named }: Named = {}) {
  const access = accessTo(teams, credential)
  const findings = await checkTeams({ access, channels: [], groups: [], people: [], now, ...named })
  return new Map(findings.map((finding) => [finding.name, finding]))
}

const opened = (different: Partial<LocalTeamsOptions> = {}) => openTeams(different)

test('where all is well, each thing is said to be', async () => {
  const findings = await found(await opened(), {
    channels: [addressOf(teamsChannels.data)],
    groups: [addressOf(teamsIds.dataOwners)],
    people: [addressOf(teamsIds.bob)],
  })

  expect([...findings.values()].filter(({ ok }) => !ok)).toEqual([])
  expect([...findings.keys()]).toEqual([
    'Teams secret',
    'Teams keys',
    'Teams app',
    'Teams connector',
    `Teams channel ${addressOf(teamsChannels.data)}`,
    'Graph token',
    'Graph User.Read.All',
    'Graph GroupMember.Read.All',
    `Entra group ${addressOf(teamsIds.dataOwners)}`,
    `Entra user ${addressOf(teamsIds.bob)}`,
  ])
  expect(findings.get(`Entra user ${addressOf(teamsIds.bob)}`)?.detail).toBe('Bob Okafor')
})

test('nothing is posted to find out', async () => {
  const teams = await opened()

  await found(teams, { channels: [addressOf(teamsChannels.data)], groups: [addressOf(teamsIds.dataOwners)] })

  expect(teams.calls.filter(({ method }) => method !== 'GET').map(({ kind }) => kind)).toEqual([
    'token',
    'token',
  ])
})

describe('a secret that is not taken', () => {
  test('is said with the fix, and nothing more is asked', async () => {
    const teams = await opened()
    const findings = await found(teams, {
      credential: { kind: 'secret', secret: 'another-secret-0123456789' },
      channels: [addressOf(teamsChannels.data)],
    })

    expect(findings.get('Teams app')).toMatchObject({
      ok: false,
      fix: expect.stringMatching(/secret/),
    })
    expect([...findings.keys()]).toEqual(['Teams secret', 'Teams keys', 'Teams app'])
    expect(JSON.stringify([...findings.values()])).not.toContain('another-secret')
  })
})

describe('the channels of the policy', () => {
  test('one whose team does not have the app', async () => {
    const teams = await opened()
    for (const team of teams.tenant.teams.values()) Object.assign(team, { installed: false })

    const findings = await found(teams, { channels: [addressOf(teamsChannels.data)] })

    expect(findings.get(`Teams channel ${addressOf(teamsChannels.data)}`)).toMatchObject({
      ok: false,
      detail: 'BotNotInConversationRoster',
      fix: expect.stringContaining('Add the app to the team'),
    })
  })

  test.each([
    ['that is not there', '19:nowhere@thread.tacv2', /copy its id again/],
    ['that is no channel', teamsIds.bob, /Correct `teams_channel`/],
  ])('one %s', async (_, id, fix) => {
    const findings = await found(await opened(), { channels: [addressOf(id)] })

    expect(findings.get(`Teams channel ${addressOf(id)}`)).toMatchObject({
      ok: false,
      fix: expect.stringMatching(fix),
    })
  })
})

describe('Graph', () => {
  test.each([
    ['User.Read.All', ['GroupMember.Read.All']],
    ['GroupMember.Read.All', ['User.Read.All']],
  ])('%s that nobody agreed to is said with who can', async (missing, permissions) => {
    const findings = await found(await opened({ permissions }))

    expect(findings.get(`Graph ${missing}`)).toMatchObject({
      ok: false,
      fix: expect.stringContaining('admin consent'),
    })
    expect(findings.get(`Graph ${permissions[0]}`)?.ok).toBe(true)
  })

  test.each([
    ['group', { groups: [addressOf(none)] }, /nobody is in it/],
    ['user', { people: [addressOf(none)] }, /not found/],
    ['user', { people: [addressOf(teamsIds.gwen)] }, /is a guest/],
  ])('a %s that can decide nothing is said', async (kind, named, says) => {
    const findings = await found(await opened(), named)
    const [address] = Object.values(named).flat()

    expect(findings.get(`Entra ${kind} ${address}`)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(says),
    })
  })
})

describe('a certificate', () => {
  const credential = { kind: 'certificate', privateKey, certificate } as const

  test('proves who the app is, and says until when', async () => {
    const findings = await found(await opened({ secret: null, certificate }), { credential })

    expect(findings.get('Teams app')?.ok).toBe(true)
    expect(findings.get('Teams certificate')).toEqual({
      name: 'Teams certificate',
      ok: true,
      detail: 'ends at 2126-11-08',
      fix: null,
    })
  })

  test.each([
    ['ends soon', '2126-10-20T00:00:00Z', { ok: true, look: true }],
    ['has ended', '2126-11-10T00:00:00Z', { ok: false, detail: 'ended at 2126-11-08' }],
  ])('that %s is said before Teams says it', async (_, at, expected) => {
    const teams = await opened({ secret: null, certificate })
    const findings = await found(teams, { credential, now: new Date(at) })

    expect(findings.get('Teams certificate')).toMatchObject({
      ...expected,
      fix: expect.stringContaining('Make another one'),
    })
  })
})

test('when Teams is away, each thing is said to be away, and the doctor ends', async () => {
  const teams = await opened()
  teams.faults.next('*', { kind: 'status', status: 503 }, Number.POSITIVE_INFINITY)

  const findings = await found(teams)

  expect(findings.get('Teams keys')?.ok).toBe(false)
  expect(findings.get('Teams app')).toMatchObject({ ok: false, detail: 'http_503' })
})
