import { beforeEach, describe, expect, test } from 'vitest'
import type { OnCallList } from '../../src/core/requirement.ts'
import { pagerDuty } from '../../src/oncall/pagerduty.ts'
import { type DoublePagerDuty, deaf, doublePagerDuty, status } from './doublePagerDuty.ts'

const schedule: OnCallList = { provider: 'pagerduty', of: 'schedule', id: 'PSCHED', level: 1 }
const at = '2026-12-02T09:00:00.000Z'
const grace = { user: { id: 'PGRACE', email: 'grace@acme.test' } }
const omar = { user: { id: 'POMAR', email: 'omar@acme.test' } }

let double: DoublePagerDuty
beforeEach(async () => {
  double = await doublePagerDuty()
})

const ask = (list = schedule, change: { readonly token?: string; readonly limit?: number } = {}) =>
  pagerDuty({ token: 'a-read-only-key', address: double.address, ...change }).people(list, at)

const usersIn = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.is === 'people' ? answer.shifts.map(({ user }) => user) : answer.is

describe('who is on call', () => {
  test('is asked for with users, for one moment, and told with the bounds of the turn', async () => {
    const turn = { ...grace, start: '2026-12-02T08:00:00Z', end: '2026-12-02T20:00:00Z' }
    double.turns = [turn]

    expect(await ask()).toEqual({
      is: 'people',
      shifts: [
        { user: 'PGRACE', email: 'grace@acme.test', schedule: 'PSCHED', start: turn.start, end: turn.end },
      ],
    })
    expect(Object.fromEntries(double.asked[0] ?? [])).toMatchObject({
      'schedule_ids[]': 'PSCHED',
      'include[]': 'users',
      since: at,
      until: at,
      time_zone: 'UTC',
    })
  })

  test('one person stands once for each policy and level, and counts once, for the level asked', async () => {
    double.turns = [grace, { ...grace, policy: 'POTHER' }, { ...omar, level: 2 }]

    expect(usersIn(await ask())).toEqual(['PGRACE'])
    expect(usersIn(await ask({ ...schedule, level: 2 }))).toEqual(['POMAR'])
    expect(usersIn(await ask({ ...schedule, of: 'escalation_policy', id: 'POTHER' }))).toEqual(['PGRACE'])
  })

  test('all pages of it', async () => {
    double.perPage = 1
    double.turns = [grace, omar]

    expect(usersIn(await ask())).toEqual(['PGRACE', 'POMAR'])
    expect(double.asked.map((query) => query.get('offset'))).toEqual(['0', '1'])
  })

  test('for good, when the turn has no bounds; not before its start, and not from its end on', async () => {
    double.turns = [
      { user: { id: 'PEVER' } },
      { user: { id: 'PSOON' }, start: '2026-12-02T09:00:01Z' },
      { user: { id: 'POVER' }, end: at },
    ]

    expect(usersIn(await ask())).toEqual(['PEVER'])
  })

  test('nobody is an answer', async () => {
    expect(await ask()).toEqual({ is: 'nobody' })
  })
})

describe('no answer is not nobody, and says why', () => {
  test.each([
    [400, /look at the ids/],
    [401, /does not accept our token/],
    [403, /our token may not see/],
    [404, /knows no schedule/],
    [500, /out of order/],
    [503, /out of order/],
    [418, /answered 418/],
  ])('%i', async (code, why) => {
    double.turns = [grace]
    double.instead.push(status(code))

    expect(await ask()).toEqual({ is: 'unavailable', why: expect.stringMatching(why) })
    expect(usersIn(await ask())).toEqual(['PGRACE'])
  })

  test('429 is tried once more, after the time it says, and no more than that', async () => {
    double.turns = [grace]
    double.instead.push(status(429, { 'ratelimit-reset': '0' }))
    expect(usersIn(await ask())).toEqual(['PGRACE'])

    double.instead.push(status(429), status(429))
    expect(await ask()).toEqual({ is: 'unavailable', why: expect.stringMatching(/asked too often/) })
    expect(double.asked).toHaveLength(4)
  })

  test.each([
    ['deaf', deaf],
    ['slow in the middle of its answer', (response) => void response.writeHead(200).write('{"oncalls":[')],
  ] satisfies [string, typeof deaf][])('%s', async (_, instead) => {
    double.instead.push(instead)

    expect(await ask(schedule, { limit: 50 })).toEqual({
      is: 'unavailable',
      why: 'PagerDuty did not answer within 3 seconds',
    })
  })

  test.each([
    ['an answer that is cut off', '{"oncalls":[', /part of its answer/],
    ['a page that says there is more and has none', '{"oncalls":[],"more":true}', /part of its answer/],
    ['something else', '{"oncalls":[{"user":{"id":"PGRACE"}}],"more":false}', /something that is not/],
    ['a page of another site', '<html>', /part of its answer/],
  ])('%s', async (_, body, why) => {
    double.instead.push((response) => void response.end(body))

    expect(await ask()).toEqual({ is: 'unavailable', why: expect.stringMatching(why) })
  })

  test('a second page that fails makes the first one worth nothing', async () => {
    double.perPage = 1
    double.turns = [grace, omar]
    double.instead.push(
      (response) =>
        void response.end(
          JSON.stringify({
            oncalls: [
              {
                user: grace.user,
                schedule: { id: 'PSCHED' },
                escalation_policy: { id: 'PPOLICY' },
                escalation_level: 1,
                start: null,
                end: null,
              },
            ],
            more: true,
          }),
        ),
      status(500),
    )

    expect((await ask()).is).toBe('unavailable')
  })

  test('a server that is gone, or lets the connection go', async () => {
    double.instead.push((response) => void response.destroy())
    expect(await ask()).toEqual({ is: 'unavailable', why: 'PagerDuty could not be reached' })

    const gone = pagerDuty({ token: 'x', address: 'http://127.0.0.1:1' })
    expect(await gone.people(schedule, at)).toEqual({
      is: 'unavailable',
      why: 'PagerDuty could not be reached',
    })
  })

  test('another address is not followed with our token', async () => {
    double.instead.push((response) => void response.writeHead(302, { location: double.address }).end())

    expect((await ask()).is).toBe('unavailable')
    expect(double.asked).toHaveLength(1)
  })

  test('and never with the token in it', async () => {
    expect(JSON.stringify(await ask(schedule, { token: 'wrong-secret' }))).not.toContain('wrong-secret')
  })
})
