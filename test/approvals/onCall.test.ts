import { beforeEach, describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import type { OnCallAnswer, Shift } from '../../src/approvals/onCall.ts'
import { unlinkOnCall } from '../../src/approvals/people/onCallLinks.ts'
import { needsOf } from '../../src/card/needs.ts'
import { reminderContent } from '../../src/card/reminder.ts'
import { textFor } from '../../src/slack/text/answers.ts'
import { mrkdwnOf } from '../../src/slack/text/spans.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { onCallBundle } from '../support/onCallBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { testBundle } from '../support/testBundle.ts'
import { keyOf, type TestDirectory } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

const grace: Shift = {
  user: 'PGRACE',
  email: 'Grace@Acme.test',
  schedule: 'PSCHED',
  start: '2026-11-24T08:00:00Z',
  end: null,
}
const noor: Shift = { ...grace, user: 'PNOOR', email: 'noor@acme.test' }
const sam: Shift = { ...grace, user: 'PSAM', email: 'sam@acme.test' }
const unavailable: OnCallAnswer = { is: 'unavailable', why: 'PagerDuty does not accept our token' }
const people = (...shifts: readonly Shift[]): OnCallAnswer => ({ is: 'people', shifts })

let world: World
let store: MemoryStore
let answer: OnCallAnswer
let asked: number
let conditions: Map<string, string>
beforeEach(async () => {
  store = memoryStore()
  answer = people(grace)
  asked = 0
  conditions = new Map()
  world = await testWorld({
    store,
    policy: testBundle(onCallBundle),
    onCall: {
      people: async () => {
        asked += 1
        return answer
      },
    },
    health: {
      raise: (code, detail, part) => void conditions.set(`${code} ${part}`, detail),
      clear: (code, part) => void conditions.delete(`${code} ${part}`),
    },
  })
})

/** Grace's address, after an account has become another. */
const changed = (user: string, change: Parameters<TestDirectory['changeAccount']>[1]) => () => {
  world.directory.changeAccount(user, change)
  return 'grace@acme.test'
}

const code = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    (error) => (error as { code?: string }).code,
  )

async function cardOf(request: string) {
  const view = await viewOf(world.ports, (await world.store.request(request)) ?? expect.fail())
  const needs = needsOf(view)
    ?.seats.map(({ says }) => mrkdwnOf(view.people, says))
    .join('; ')
  const reminder = reminderContent(view)
  return { needs, reminder: reminder && mrkdwnOf(view.people, reminder.says) }
}

describe('whoever of the group is on call', () => {
  test('decides, and the record says by which turn', async () => {
    const request = await ask(world, 'deploy.start')

    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')

    const [entry] = await entriesOf(store, request.id, 'decision.made')
    expect(entry?.data.on_call).toEqual([
      {
        provider: 'pagerduty',
        schedule: 'PSCHED',
        escalation_policy: null,
        level: 1,
        user: 'PGRACE',
        start: '2026-11-24T08:00:00Z',
        end: null,
        asked: expect.stringMatching(/Z$/),
      },
    ])
  })

  test('nobody else of the group, and nobody else who is on call', async () => {
    answer = people(grace, sam)
    const request = await ask(world, 'deploy.start')

    expect(await code(click(world, request.id, 'U0NOOR'))).toBe('not_in_leg')
    expect(await code(click(world, request.id, 'U0SAM'))).toBe('not_in_leg')
  })

  test('is asked for again at the click, and not for those outside the group', async () => {
    const request = await ask(world, 'deploy.start')
    answer = people(noor)
    world.clock.advance(11)
    const before = asked

    expect(await code(click(world, request.id, 'U0SAM'))).toBe('not_in_leg')
    expect(asked).toBe(before)
    expect(await code(click(world, request.id, 'U0GRACE'))).toBe('not_in_leg')
    expect((await click(world, request.id, 'U0NOOR')).request.state).toBe('approved')
    expect(asked).toBe(before + 1)
  })

  test('a turn that has ended is asked for anew, however young the answer is', async () => {
    answer = people({ ...grace, end: new Date(world.clock().getTime() + 2_000).toISOString() })
    const request = await ask(world, 'deploy.start')
    answer = people(noor)
    world.clock.advance(3)

    expect(await code(click(world, request.id, 'U0GRACE'))).toBe('not_in_leg')
  })

  test('a vote whose turn is over by the release counts no more', async () => {
    const request = await ask(world, 'table.drop')
    await click(world, request.id, 'U0GRACE')
    answer = people(noor)
    world.clock.advance(11)

    const { request: waiting } = await click(world, request.id, 'U0PRIYA')

    expect(waiting.state).toBe('pending')
    expect(waiting.decisions[0]?.ended).toMatchObject({ how: 'lapsed', why: { cause: 'left' } })
  })

  test('own-request holds for whoever is on call', async () => {
    answer = people({ ...grace, user: 'PLEE', email: 'lee@acme.test' }, grace)
    world.directory.groups.get('S0PLATFORM')?.push('U0LEE')
    const request = await ask(world, 'deploy.start')

    expect(await code(click(world, request.id, 'U0LEE'))).toBe('own_request')
  })
})

describe('unavailable is not nobody', () => {
  test('where nobody is on call, nobody waits for them', async () => {
    answer = { is: 'nobody' }

    const request = await ask(world, 'deploy.start')

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
  })

  test('where nobody can be asked, the request waits and its card says so', async () => {
    answer = unavailable

    const request = await ask(world, 'deploy.start')

    expect(request.state).toBe('pending')
    expect(await cardOf(request.id)).toEqual({
      needs: expect.stringContaining(
        'whoever is on call for platform (nobody could be looked up: PagerDuty does not accept our token)',
      ),
      reminder: expect.stringContaining('nobody could be looked up'),
    })
  })

  test('that click is refused with the reason, is not spent, and nobody of the group stands in', async () => {
    answer = unavailable
    const request = await ask(world, 'deploy.start')
    const delivery = { delivery: 'the-same-click' }

    const refusal = await click(world, request.id, 'U0GRACE', delivery).catch((error) => error)
    expect(textFor(refusal)).toContain('PagerDuty does not accept our token.')
    for (const user of ['U0GRACE', 'U0NOOR'])
      await expect(click(world, request.id, user, delivery)).rejects.toMatchObject({
        code: 'on_call_unknown',
        kind: 'unavailable',
        passes: true,
        problems: [{ detail: 'PagerDuty does not accept our token.' }],
      })
    answer = people(grace)
    world.clock.advance(6)

    expect((await click(world, request.id, 'U0GRACE', delivery)).request.state).toBe('approved')
  })

  test('at the release nothing is released and no vote is lost', async () => {
    const request = await ask(world, 'table.drop')
    await click(world, request.id, 'U0GRACE')
    answer = unavailable
    world.clock.advance(11)

    expect(await code(click(world, request.id, 'U0PRIYA'))).toBe('directory_unavailable')
    expect((await world.store.request(request.id))?.decisions).toMatchObject([{ kind: 'approve' }])
  })
})

describe('who somebody on call is', () => {
  test('is called on the card, and everybody else is not', async () => {
    const request = await ask(world, 'deploy.start')

    expect((await cardOf(request.id)).needs).toContain('1 of whoever is on call for platform (<@U0GRACE>)')
  })

  test('is found once by the address and then kept: another address there is an alarm and moves nothing', async () => {
    const request = await ask(world, 'deploy.start')
    expect(await store.onCallLinks()).toMatchObject([{ id: 'pagerduty:PGRACE', account: keyOf('U0GRACE') }])
    expect(JSON.stringify(await store.onCallLinks())).not.toContain('@')

    answer = people({ ...grace, email: 'noor@acme.test' })
    world.clock.advance(61)

    expect(await code(click(world, request.id, 'U0NOOR'))).toBe('not_in_leg')
    expect(conditions.get('on_call_changed pagerduty:PGRACE')).toContain('another address')
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
    expect(store.ledger.map(({ type }) => type).filter((type) => type.startsWith('oncall.'))).toEqual([
      'oncall.linked',
      'oncall.differs',
    ])
  })

  test('until an operator takes the link back: then it is found anew', async () => {
    const request = await ask(world, 'deploy.start')
    answer = people({ ...grace, email: 'noor@acme.test' })
    await unlinkOnCall(world.ports, { id: 'pagerduty:PGRACE', via: 'cli' })
    world.clock.advance(61)

    expect((await click(world, request.id, 'U0NOOR')).request.state).toBe('approved')
    expect(await code(unlinkOnCall(world.ports, { id: 'pagerduty:PNOBODY', via: 'cli' }))).toBe(
      'unknown_person',
    )
  })

  test.each([
    ['an address that nobody has', () => 'grace@else.test'],
    ['no address', () => null],
    ['an address with a tag', () => 'grace+pager@acme.test'],
    ['a guest', changed('U0GRACE', { guest: true })],
    ['a bot', changed('U0GRACE', { human: false })],
    ['somebody deactivated', changed('U0GRACE', { active: false })],
    ['somebody of elsewhere', changed('U0GRACE', { external: true })],
    ['an address that is not confirmed', changed('U0GRACE', { email: null })],
    ['an address that two have', changed('U0NOOR', { email: 'grace@acme.test' })],
  ])('%s is nobody', async (_, email) => {
    answer = people({ ...grace, email: email() })

    expect((await ask(world, 'deploy.start')).verdict.code).toBe('unsatisfiable')
    expect(await store.onCallLinks()).toEqual([])
  })

  test('an escalation to whoever is on call widens its leg by them', async () => {
    const request = await ask(world, 'node.drain')

    expect(request.requirement?.escalate).toMatchObject([{ to: { ref: 'oncall:platform', kind: 'oncall' } }])
  })
})
