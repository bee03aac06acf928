import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
let stopProbing: () => void
beforeEach(async () => {
  company = await openCompany()
  stopProbing = () => {}
})
afterEach(async () => {
  stopProbing()
  await company.close()
})

const codes = () => company.health.now().map(({ code }) => code)
const submitted = () => company.store.ledger.filter(({ type }) => type === 'request.submitted').length
const revoked = { kind: 'error', error: 'token_revoked' } as const
const always = Number.POSITIVE_INFINITY
/** Nobody is claimed, so that nobody has to be looked up. */
const unclaimed = { initiator: null }

/** An event as Slack sends it to our app. */
const event = (of: object, team = company.identity.teamId) =>
  company.local.send({
    kind: 'events_api',
    payload: {
      api_app_id: company.identity.appId,
      team_id: team,
      type: 'event_callback',
      event_id: company.local.workspace.nextId('Ev'),
      event: of,
    },
  })

describe('nobody-reachable: Slack takes our token away while we run', () => {
  const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['tokens_revoked', () => event({ type: 'tokens_revoked', tokens: { bot: ['U0COUNTERSIGN'] } })],
    ['app_uninstalled', () => event({ type: 'app_uninstalled' })],
    [
      'a call that is refused',
      () => {
        company.local.faults.next('chat.postMessage', revoked)
        return company.asked('deploy.start').catch(() => null)
      },
    ],
  ]

  test.each(ways)(
    '%s: whoever would be asked is refused, what policy allows or denies flows',
    async (_, take) => {
      await take()
      company.local.faults.next('*', revoked, always)
      const before = submitted()

      await expect(ask(company.world, 'deploy.start', unclaimed)).rejects.toMatchObject({
        code: 'nobody_reachable',
      })

      expect(codes()).toEqual(['channel_away', 'nobody_reachable'])
      expect(submitted()).toBe(before)
      expect(await ask(company.world, 'repo.read', unclaimed)).toMatchObject({ state: 'approved' })
      expect(await ask(company.world, 'audit.delete', unclaimed)).toMatchObject({ state: 'denied' })
    },
  )

  test('a denial that an emergency could lift stands at once: nobody would see its card', async () => {
    expect(await ask(company.world, 'freeze.deploy')).toMatchObject({ state: 'pending' })
    company.reach.refused('token_revoked')

    expect(await ask(company.world, 'freeze.deploy')).toMatchObject({ state: 'denied', requirement: null })
  })

  test('it is over when Slack takes a call again, and we ask now and then', async () => {
    company.local.faults.next('auth.test', revoked, 3)
    company.reach.refused('token_revoked')
    expect(company.reach.reaches()).toBe(false)

    stopProbing = company.reach.watch(() => company.clients.posts.auth.test(), 10)

    await eventually(() => expect(company.reach.reaches()).toBe(true))
    expect(codes()).toEqual([])
    expect(await ask(company.world, 'deploy.start')).toMatchObject({ state: 'pending' })
  })
})

describe('control: what does not take the token away', () => {
  test.each([
    ['a 500', { kind: 'status', status: 500 }],
    ['a limit', { kind: 'rate_limited', retryAfter: 1 }],
    ['a lost answer', { kind: 'lost_answer' }],
    ['a channel that is not there', { kind: 'error', error: 'channel_not_found' }],
    ['a missing scope', { kind: 'error', error: 'missing_scope' }],
  ] as const)('%s is a blip', async (_, fault) => {
    company.local.faults.next('chat.postMessage', fault, 3)
    for (let nth = 0; nth < 3; nth += 1) {
      await company.asked('deploy.start').catch(() => null)
      company.world.clock.advance(5)
    }

    expect(codes()).toEqual([])
    expect(await ask(company.world, 'deploy.start')).toMatchObject({ state: 'pending' })
  })

  test("a person's own token, another bot's, and the app of a sister workspace", async () => {
    await event({ type: 'tokens_revoked', tokens: { oauth: ['U0BOB'] } })
    await event({ type: 'tokens_revoked', tokens: { bot: ['U0OTHERBOT'] } })
    await event({ type: 'app_uninstalled' }, 'T0SISTER')

    expect(codes()).toEqual([])
    expect(company.reach.reaches()).toBe(true)
  })
})

test('Slack that goes on saying nothing is told, but is no reason to refuse; one answer ends it', async () => {
  company.local.faults.next('*', { kind: 'status', status: 503 }, always)
  for (let nth = 0; nth < 5; nth += 1) await company.clients.posts.auth.test().catch(() => null)

  expect(codes()).toEqual(['channel_away'])
  expect(company.reach.reaches()).toBe(true)

  company.local.faults.clear()
  stopProbing = company.reach.watch(() => company.clients.posts.auth.test(), 10)
  await eventually(() => expect(codes()).toEqual([]))
})
