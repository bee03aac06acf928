import type { ServerResponse } from 'node:http'
import { pino } from 'pino'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { reachOf } from '../../src/channels/reach.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import type { LocalTeams } from '../../src/sandbox/teams/server.ts'
import { createHealth, type HealthRecord } from '../../src/server/health.ts'
import type { TeamsAccess } from '../../src/teams/access.ts'
import { askTaken } from '../../src/teams/outbound/askTaken.ts'
import { createTokens } from '../../src/teams/outbound/tokens.ts'
import { fixOf, saysOf, startTeams } from '../../src/teams/startTeams.ts'
import { openTeams, secret } from '../sandbox/teams/company.ts'
import { eventually } from '../support/eventually.ts'

const log = pino({ enabled: false })
let teams: LocalTeams
let health: HealthRecord
beforeEach(async () => {
  teams = await openTeams()
  health = createHealth(log)
})

const conditions = () => health.now().map(({ code }) => code)

/** Connects as the server does. */
function starting(
  different: Partial<TeamsAccess> & { readonly isBeside?: boolean; signal?: AbortSignal } = {},
) {
  const { isBeside = false, signal, ...other } = different
  const access: TeamsAccess = {
    appId: teamsIds.app,
    tenant: teamsIds.tenant,
    credential: { kind: 'secret', secret },
    services: teams.services,
    ...other,
  }
  const reach = reachOf(health, {
    ...{ name: 'Teams', proof: 'our app', part: (of: string) => `${of} teams` },
    ...{ isBeside: false, fixes: {} },
  })
  const tokens = createTokens(access, { ages: createAgeClock() })
  const there = {
    handle: vi.fn(async () => undefined),
    ...{ start: async () => undefined, stop: vi.fn(async () => undefined) },
    channel: {} as never, // nothing is told
  }
  const connect = async () => {
    await askTaken({ access, tokens, watch: reach })
    return there
  }
  return { there, reach, started: startTeams({ connect, health, log, isBeside, signal }) }
}

test('a Teams that takes us is there, and reaches people', async () => {
  const { there, reach, started } = starting()

  expect(await started).toBe(there)
  expect(reach.reaches()).toBe(true)
  expect(conditions()).toEqual([])
})

describe('one call that fails at the start', () => {
  test.each([
    ['no token: 503', 'token', { kind: 'status', status: 503 }],
    ['no token: its answer is lost', 'token', { kind: 'lost_answer' }],
    ['the connector breaks', '*', { kind: 'status', status: 502 }],
    ['the login is limited', 'token', { kind: 'status', status: 429, retryAfter: 1 }],
  ] as const)('%s: we are there without Teams, and connected a moment later', async (_, call, fault) => {
    teams.faults.next(call, fault)
    const { there, started } = starting()

    const late = await started
    expect(conditions()).toEqual(['channel_away', 'nobody_reachable'])
    const early = { writeHead: vi.fn().mockReturnThis(), end: vi.fn() }
    await late.handle({} as never, early as unknown as ServerResponse) // it only answers
    expect(early.writeHead).toHaveBeenCalledWith(503, { 'retry-after': '2' })
    const view = { request: {}, people: new Map(), filled: new Map() } as never // it is not looked at
    await expect(late.channel.update({} as never, view)).rejects.toMatchObject({ code: 'channel_away' })

    await eventually(() => expect(conditions()).toEqual([]))
    await late.handle({} as never, early as unknown as ServerResponse)
    expect(there.handle).toHaveBeenCalledOnce()
    await late.stop()
    expect(there.stop).toHaveBeenCalledOnce()
  })
})

describe('an app that is refused', () => {
  const wrong = { credential: { kind: 'secret', secret: 'another-secret-0123456789' } } as const

  test('is the end of the start, with the fix and without the secret', async () => {
    const fault = await starting(wrong).started.catch((cause: unknown) => cause)

    expect(saysOf(fault)).toMatch(/^(AADSTS7000215|invalid_client)$/)
    expect(fixOf(fault)).toMatch(/secret/)
    expect(`${String(fault)} ${fixOf(fault)}`).not.toContain('another-secret')
  })

  test('control: when Teams was away first, it is asked again: somebody may be about to change it', async () => {
    teams.faults.next('token', { kind: 'status', status: 503 })
    const late = await starting(wrong).started

    expect(conditions()).toContain('channel_away')
    await late.stop()
  })
})

describe('beside another channel', () => {
  test('a tenant that is not there is a mistake, and ends the start', async () => {
    const elsewhere = { tenant: '99999999-0000-4000-a000-000000000001', isBeside: true }

    await expect(starting(elsewhere).started).rejects.toMatchObject({ name: 'ConnectorFault' })
  })
})

test('told to stop while the first answer is waited for, it ends at once', async () => {
  teams.faults.next('token', { kind: 'hang' })
  const stopping = new AbortController()
  const { started } = starting({ signal: stopping.signal })

  stopping.abort(new Error('told to stop'))

  await expect(started).rejects.toThrow('told to stop')
})
