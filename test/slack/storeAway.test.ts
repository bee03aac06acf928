import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, send } from './company.ts'
import { readToEnd, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const insides = 'ECONNREFUSED 10.0.0.7:5432'
const unavailable = (unknown: boolean) =>
  new StoreUnavailable({
    reason: 'away',
    message: insides,
    unknown,
    retryAfterSeconds: 2,
    cause: new Error(insides),
  })

/** From now on the store answers nothing, or takes no writes; resolves what ends that. */
function goAway(methods: 'all' | 'commit' = 'all', unknown = false): () => void {
  const { store } = company.world.ports
  const before = { ...store }
  const failing = Object.keys(before)
    .filter((name) => name !== 'watch' && (methods === 'all' || name === methods))
    .map((name) => [name, () => Promise.reject(unavailable(unknown))])
  Object.assign(store, Object.fromEntries(failing))
  return () => void Object.assign(store, before satisfies Store)
}

const who = 'U0GRACE'
const grace = () => company.local.as(who)
const mention = (text: string, ts: string) => grace().post(channelId, `<@U0COUNTERSIGN> ${text}`, ts)
const long = {
  action: {
    action: 'deploy.start',
    resource: { type: 'service', id: 'api' },
    params: { query: 'x '.repeat(6_000) },
    environment: 'prod',
  },
}

/** Where somebody reads the answer. */
const beside = () => whispersTo(company, who).join('\n')
const inWindow = () => windowOf(company, who)
const onHome = () => JSON.stringify(grace().sees().home?.blocks ?? [])

interface Surface {
  /** What is done while the store is well; the press, the sending and the like come when it is away. */
  readonly before?: (at: At) => Promise<unknown>
  readonly act: (at: At) => Promise<unknown>
  readonly reads: () => string
  readonly says: RegExp
  readonly asks?: [action: string, change?: Parameters<Company['asked']>[1]]
}
type At = Awaited<ReturnType<Company['asked']>>

const notRecorded = /database cannot take this just now, so nothing was recorded\. Try again in a moment/
const notShown = /database does not answer just now, so this cannot be shown\. Try again in a moment/
const open =
  (form: string) =>
  async ({ at }: At) => {
    await grace().press(at, form)
    await windowOpens(company, who, form)
  }
const fromMenu =
  (choice: string) =>
  ({ at, request, card }: At) =>
    grace().press(at, 'more', { value: `${choice}|${request.id}|${card.id}` })
const inView = (action: string) => () => grace().press({ view: grace().modal()?.id ?? '' }, action)
const readFull = async ({ at }: At) => {
  await grace().press(at, 'full')
  await readToEnd(company, who)
}

const surfaces: readonly [string, Surface][] = [
  ['Approve on a card', { act: ({ at }) => grace().press(at, 'approve'), reads: beside, says: notRecorded }],
  ['Deny on a card', { act: ({ at }) => grace().press(at, 'deny'), reads: inWindow, says: notShown }],
  [
    'Full request',
    {
      act: ({ at }) => grace().press(at, 'full'),
      reads: inWindow,
      says: notShown,
      asks: ['deploy.start', long],
    },
  ],
  ['Why? in the menu', { act: fromMenu('why'), reads: inWindow, says: notShown }],
  ['Who can decide? in the menu', { act: fromMenu('who'), reads: inWindow, says: notShown }],
  [
    'Break glass in the menu',
    { act: fromMenu('break_glass'), reads: inWindow, says: notShown, asks: ['host.reboot'] },
  ],
  [
    'sending a denial',
    {
      before: open('deny'),
      act: () => send(company, who, { reason: 'No.' }),
      reads: inWindow,
      says: notRecorded,
    },
  ],
  [
    'another page of the full request',
    {
      before: readFull,
      act: inView('turn_back'),
      reads: inWindow,
      says: notShown,
      asks: ['deploy.start', long],
    },
  ],
  [
    'Approve in the full request',
    {
      before: readFull,
      act: inView('approve_in_view'),
      reads: inWindow,
      says: notRecorded,
      asks: ['deploy.start', long],
    },
  ],
  [
    'Deny in the full request',
    {
      before: readFull,
      act: inView('deny_in_view'),
      reads: inWindow,
      says: notShown,
      asks: ['deploy.start', long],
    },
  ],
  ['approve in the thread', { act: ({ at }) => mention('approve', at.ts), reads: beside, says: notRecorded }],
  [
    'deny in the thread',
    { act: ({ at }) => mention('deny because no', at.ts), reads: beside, says: notRecorded },
  ],
  [
    'escalate in the thread',
    {
      act: ({ at }) => mention('escalate because now', at.ts),
      reads: beside,
      says: notRecorded,
      asks: ['node.drain'],
    },
  ],
  ['why in the thread', { act: ({ at }) => mention('why', at.ts), reads: beside, says: notShown }],
  ['status in the thread', { act: ({ at }) => mention('status', at.ts), reads: beside, says: notShown }],
  ['/approvals', { act: () => grace().command(channelId, '/approvals'), reads: beside, says: notShown }],
  [
    '/approvals show',
    {
      act: ({ request }) => grace().command(channelId, `/approvals show ${request.id}`),
      reads: beside,
      says: notShown,
    },
  ],
  ['Home', { act: () => grace().home(), reads: onHome, says: notShown }],
  [
    'Open in Home',
    {
      before: async () => {
        await grace().home()
        await eventually(() => expect(onHome()).toContain('deploy.start'))
      },
      act: () => grace().press({ view: grace().sees().home?.id ?? '' }, 'open'),
      reads: inWindow,
      says: notShown,
    },
  ],
]

describe('while the database is away', () => {
  test.each(surfaces)('%s is answered with a sentence, and nothing of our insides', async (_, surface) => {
    const asked = await company.asked(...(surface.asks ?? ['deploy.start']))
    await surface.before?.(asked)
    const back = goAway()

    expect(await surface.act(asked)).toMatchObject({ ok: true })

    await eventually(() => expect(surface.reads()).toMatch(surface.says))
    for (const said of [
      beside(),
      inWindow(),
      onHome(),
      ...threadOf(company, asked.at.ts).map(({ text }) => text),
    ])
      expect(said).not.toMatch(/ECONN|10\.0\.0\.7|^ {2,}at /m)
    back()
    expect(await company.state(asked.request.id)).toBe('pending')
    // The store says once, loudly, what it is; a line of that weight for each click would bury it.
    expect(company.logged.filter(({ level }) => Number(level) >= 50)).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test.each(surfaces.filter(([, { says }]) => says === notRecorded))(
    'control: %s counts as soon as it is back',
    async (_, surface) => {
      const asked = await company.asked(...(surface.asks ?? ['deploy.start']))
      await surface.before?.(asked)
      goAway()()

      expect(await surface.act(asked)).toMatchObject({ ok: true })

      await eventually(async () =>
        expect((await company.store.request(asked.request.id))?.version).toBeGreaterThan(1),
      )
    },
  )
})

describe('while the database reads and takes no writes', () => {
  test('a click is told that nothing was recorded', async () => {
    const { at, request } = await company.asked('deploy.start')
    const back = goAway('commit')

    await grace().press(at, 'approve')

    await eventually(() => expect(beside()).toMatch(notRecorded))
    back()
    expect(await company.state(request.id)).toBe('pending')
  })

  test('a click whose answer was lost is told to look before trying again', async () => {
    const { at } = await company.asked('deploy.start')
    goAway('commit', true)

    await grace().press(at, 'approve')

    await eventually(() => expect(beside()).toMatch(/not certain that this was recorded\. Look at the card/))
  })

  test('a refused click is told so, also when its refusal cannot be recorded', async () => {
    const { at } = await company.asked('deploy.start')
    goAway('commit')

    await company.local.as('U0ALICE').press(at, 'approve')

    await eventually(() => expect(whispersTo(company, 'U0ALICE').join()).toMatch(notRecorded))
  })

  test('Home and lists go on, for everybody whom the record knows', async () => {
    await grace().home()
    await eventually(() => expect(onHome()).toContain('Nothing is waiting for you.'))
    await company.asked('deploy.start')
    goAway('commit')

    await grace().home()
    await grace().command(channelId, '/approvals')

    await eventually(() => expect(onHome()).toContain('deploy.start'))
    await eventually(() => expect(beside()).toContain('1 waiting for you'))
  })
})
