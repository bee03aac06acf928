import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { perform } from '../../src/approvals/perform.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { queueWithin } from '../../src/channels/doInTime.ts'
import { ackAfter } from '../../src/slack/app.ts'
import { eventually, patience } from '../support/eventually.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { readToEnd, whispersTo, windowOpens } from './seen.ts'

const who = 'U0GRACE'

/** From now on nothing that the store is asked comes to an end, until what is returned is called. */
function stall(company: Company): () => void {
  const { store } = company.world.ports
  const before = { ...store }
  let flow = (): void => {}
  const flows = new Promise<void>((resolve) => {
    flow = resolve
  })
  const held = Object.entries(before)
    .filter(([name]) => name !== 'watch')
    .map(([name, method]) => [
      name,
      // Whatever the method is, it is called as it was meant to be.
      async (...given: unknown[]) => {
        await flows
        return (method as (...given: unknown[]) => unknown)(...given)
      },
    ])
  Object.assign(store, Object.fromEntries(held))
  company.breakQueue()
  return () => {
    Object.assign(store, before satisfies Store)
    flow()
  }
}

const long = {
  action: {
    action: 'deploy.start',
    resource: { type: 'service', id: 'api' },
    params: { query: 'x '.repeat(6_000) },
    environment: 'prod',
  },
}

test('slow-work: a press is acknowledged in well under a second, also when it cannot even be queued', () => {
  expect(ackAfter + queueWithin.press).toBeLessThan(700)
})

describe.each(['http', 'socket'] as const)('slow-work: a database that stalls, over %s', (mode) => {
  let company: Company
  beforeEach(async () => {
    company = await openCompany({ mode, ackAfter: 30, slowAfter: patience })
    await eventually(() => expect(mode === 'http' || company.local.sockets.connected === 1).toBe(true))
  })
  afterEach(() => company.close())

  type At = Awaited<ReturnType<Company['asked']>>
  const grace = () => company.local.as(who)
  const inView = (action: string) => () => grace().press({ view: grace().modal()?.id ?? '' }, action)

  test.each<[string, (at: At) => Promise<unknown>]>([
    ['Approve', ({ at }) => grace().press(at, 'approve')],
    ['Deny', ({ at }) => grace().press(at, 'deny')],
    [
      'the menu',
      ({ at, request, card }) => grace().press(at, 'more', { value: `why|${request.id}|${card.id}` }),
    ],
    ['/approvals', () => grace().command(channelId, '/approvals')],
    ['a mention', ({ at }) => grace().post(channelId, '<@U0COUNTERSIGN> approve', at.ts)],
    ['Home', () => grace().home()],
  ])('%s is acknowledged while nothing is answered', async (_, act) => {
    const asked = await company.asked('deploy.start')
    const flow = stall(company)

    await act(asked)

    expect(company.local.problems).toEqual([])
    flow()
  })

  test('Approve at the end of the full request is acknowledged, too, and counts when it flows again', async () => {
    const { request, at } = await company.asked('deploy.start', long)
    await grace().press(at, 'full')
    await readToEnd(company, who)
    const flow = stall(company)

    await inView('approve_in_view')()

    expect(company.local.problems).toEqual([])
    flow()
    await windowOpens(company, who, 'note')
    expect(await company.state(request.id)).toBe('approved')
  })

  test('what was acknowledged counts when it flows again, once, and nobody hears of trouble that was over', async () => {
    const { request, at } = await company.asked('deploy.start')
    const flow = stall(company)

    await grace().press(at, 'approve')
    flow()

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
    expect((await company.store.request(request.id))?.decisions).toHaveLength(1)
    expect(whispersTo(company, who)).toEqual([])
  })

  test('a commit that stalls is queued before it is acknowledged, so that it outlives this process', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.slowDown(() => new Promise(() => {}))

    await grace().press(at, 'approve')

    const [command] = company.queued // by the time of the acknowledgement
    if (command?.verb !== 'approve') throw new Error('no approval was queued')
    expect(whispersTo(company, who)).toEqual([])
    company.slowDown(async () => {})
    await perform(company.world.ports, command) // what another process does
    expect(await company.state(request.id)).toBe('approved')
  })
})

describe('a database that stalls for longer', () => {
  let company: Company
  beforeEach(async () => {
    company = await openCompany({ ackAfter: 10, slowAfter: 100 })
  })
  afterEach(() => company.close())

  test('whoever pressed reads that nothing is recorded yet, and then how it ended', async () => {
    const { request, at } = await company.asked('deploy.start')
    const flow = stall(company)

    await company.local.as(who).press(at, 'approve')
    await eventually(() =>
      expect(whispersTo(company, who)).toEqual([expect.stringContaining('nothing is recorded yet')]),
    )
    flow()

    await eventually(() => expect(whispersTo(company, who).at(-1)).toBe('Your decision is recorded.'))
    expect(await company.state(request.id)).toBe('approved')
  })

  test('what could be looked up only after the acknowledgement is queued then', async () => {
    const { at } = await company.asked('deploy.start')
    const { requestsOf, request } = company.world.ports.store
    let look = (): void => {}
    const looked = new Promise<void>((resolve) => {
      look = resolve
    })
    Object.assign(company.world.ports.store, {
      request: async (id: string) => {
        await looked
        return request(id)
      },
      requestsOf,
    })
    company.slowDown(() => new Promise(() => {}))

    await company.local.as(who).press(at, 'approve')
    expect(company.queued).toEqual([])
    look()

    await eventually(() => expect(company.queued).toHaveLength(1))
    await eventually(() =>
      expect(whispersTo(company, who)).toEqual([expect.stringContaining('safely queued')]),
    )
  })
})
