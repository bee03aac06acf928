import type { ServerResponse } from 'node:http'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../src/sandbox/slack/faults.ts'
import { createHealth, type HealthRecord } from '../../src/server/health.ts'
import { whoAmI } from '../../src/slack/identity.ts'
import { startSlack } from '../../src/slack/startSlack.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany } from './company.ts'

const log = pino({ enabled: false })
let company: Company
let health: HealthRecord
beforeEach(async () => {
  company = await openCompany()
  health = createHealth(log)
})
afterEach(() => company.close())

/** Connects as the server does, to the company's Slack. */
const start = (signal?: AbortSignal) =>
  startSlack({
    connect: async () => {
      await whoAmI(company.clients.clicks)
      return company.slack
    },
    health,
    log,
    signal,
  })

const conditions = () => health.now().map(({ code }) => code)

const passing: readonly (readonly [string, string, Fault])[] = [
  ['auth.test answers 500', 'auth.test', { kind: 'status', status: 500 }],
  ['auth.test loses its answer', 'auth.test', { kind: 'lost_answer' }],
  ['bots.info is limited', 'bots.info', { kind: 'rate_limited', retryAfter: 1 }],
  ['bots.info says that Slack broke', 'bots.info', { kind: 'error', error: 'internal_error' }],
  ['bots.info says a word of a later Slack', 'bots.info', { kind: 'error', error: 'not_just_now' }],
]

describe('one call that fails at the start', () => {
  test.each(passing)(
    '%s: we are there without Slack, and connected a moment later',
    async (_, method, fault) => {
      const { card } = await company.asked('deploy.start')
      company.local.faults.next(method, fault)

      // What stands between here and the next wait happens before Slack is asked again.
      const slack = await start()
      expect(conditions()).toEqual(['channel_away', 'nobody_reachable'])
      const early = { writeHead: vi.fn().mockReturnThis(), end: vi.fn() }
      await slack.handle({} as never, early as unknown as ServerResponse) // it only answers
      expect(early.writeHead).toHaveBeenCalledWith(503, { 'retry-after': '2' })
      const view = { request: {}, people: new Map(), filled: new Map() } as never // it is not looked at
      await expect(slack.channel.update(card, view)).rejects.toMatchObject({
        code: 'channel_away',
        unknown: false,
      })

      await eventually(() => expect(conditions()).toEqual([]))
      await slack.stop()
    },
  )

  test.each([
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
  ])('control: %s does not pass by itself, and is the end of the start', async (error) => {
    company.local.faults.next('auth.test', { kind: 'error', error })

    await expect(start()).rejects.toMatchObject({ data: { error } })
  })

  test('a refusal that comes after we are up is tried again: somebody may be about to change it', async () => {
    company.local.faults.next('auth.test', { kind: 'status', status: 500 })
    company.local.faults.next('auth.test', { kind: 'error', error: 'account_inactive' })

    const slack = await start()

    await eventually(() => expect(conditions()).toEqual([]))
    await slack.stop()
  })
})

describe('told to stop', () => {
  test('while the first answer is waited for, it ends at once', async () => {
    company.local.faults.next('auth.test', { kind: 'hang' })
    const stopping = new AbortController()
    const starting = start(stopping.signal)

    stopping.abort(new Error('told to stop'))

    await expect(starting).rejects.toThrow('told to stop')
  })

  test('while it waits to ask again, it asks no more', async () => {
    company.local.faults.next('auth.test', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)
    const slack = await start()
    const asked = () => company.local.calls.filter(({ method }) => method === 'auth.test').length

    await slack.stop()
    const before = asked()
    company.local.faults.clear()

    await company.clients.posts.auth.test() // a call of another's, that it does not follow
    expect(asked()).toBe(before + 1)
    expect(conditions()).toEqual(['channel_away', 'nobody_reachable'])
  })
})
