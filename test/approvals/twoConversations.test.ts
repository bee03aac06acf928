import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

/** Two rules ask, each in a conversation of its own. */
const twoRules = `
- id: export.too
  description: Exports are watched.
  match: {actions: [db.export]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
  notify: {channel: channel:alerts, remind: [15m], escalate: [{after: 20m, to: group:iam-admins}]}
  break_glass: {}
`

const healthy = 'slack:C0APPROVALS'
const refusing = 'slack:C0ALERTS'

let world: World
let channel: TestChannel
let jobs: JobsAtWork
/** What each conversation was told, in order. */
let heard: Record<string, string[]>
let broken: boolean
beforeEach(async () => {
  const store = memoryStore()
  world = await testWorld({ store })
  world.setPolicy(
    bundleWithRules(
      (rules) =>
        rules.replace(/( {2}description: Exports need[\s\S]*?count: 1}\n.*\n)/, '$1  break_glass: {}\n') +
        twoRules,
    ),
  )
  channel = isolated()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

/** A channel in which one conversation refuses everything while `broken`. */
function isolated(): TestChannel {
  heard = {}
  broken = true
  const inner = testChannel()
  const at = async <T>(address: string, said: string | string[], work: () => Promise<T>): Promise<T> => {
    if (broken && address === refusing) throw refused
    heard[address] = (heard[address] ?? []).concat(said)
    return work()
  }
  return {
    ...inner,
    post: (card, view) => at(card.conversation, 'card', () => inner.post(card, view)),
    update: (card, view) =>
      at(card.conversation, `shows v${view.request.version}`, () => inner.update(card, view)),
    tell: (card, view, entries) =>
      at(
        card.conversation,
        entries.map(({ type }) => type),
        () => inner.tell(card, view, entries),
      ),
    remind: (card, view) => at(card.conversation, 'reminder', () => inner.remind(card, view)),
    alarm: (address, view, alarm) =>
      at(address, `alarm ${alarm.why}`, () => inner.alarm(address, view, alarm)),
  }
}

const count = (address: string, said: string) => (heard[address] ?? []).filter((one) => one === said).length

/** A request whose cards stand in both conversations. */
async function standing(): Promise<string> {
  broken = false
  const { id } = await ask(world, 'db.export')
  await jobs.runDue()
  expect([count(healthy, 'card'), count(refusing, 'card')]).toEqual([1, 1])
  broken = true
  return id
}

describe('of two conversations one refuses for a while', () => {
  test('announcing: the other has its card at once and once, and the refusing one within half a minute of its return', async () => {
    await ask(world, 'db.export')
    await jobs.runDue()
    await jobs.pass(600)
    expect([count(healthy, 'card'), count(refusing, 'card')]).toEqual([1, 0])

    broken = false
    await jobs.pass(30)

    expect([count(healthy, 'card'), count(refusing, 'card')]).toEqual([1, 1])
  })

  test('a change: the other shows it once and tells it once, and the refusing one within half a minute', async () => {
    const id = await standing()
    await click(world, id, 'U0BOB', { reason: 'I have looked at it.' })
    await jobs.pass(600)
    expect([count(healthy, 'shows v2'), count(healthy, 'decision.made')]).toEqual([1, 1])

    broken = false
    await jobs.pass(30)

    expect([count(refusing, 'shows v2') > 0, count(refusing, 'decision.made')]).toEqual([true, 1])
    expect([count(healthy, 'shows v2'), count(healthy, 'decision.made')]).toEqual([1, 1])
  })

  test('a reminder: the other is reminded once, and the refusing one when it is back; each is recorded', async () => {
    const id = await standing()
    world.clock.advance(840)
    await jobs.pass(240)
    expect([count(healthy, 'reminder'), count(refusing, 'reminder')]).toEqual([1, 0])

    broken = false
    await jobs.pass(30)

    expect([count(healthy, 'reminder'), count(refusing, 'reminder')]).toEqual([1, 1])
    expect((await entriesOf(world.store, id, 'reminder.sent')).map(({ data }) => data.conversation)).toEqual([
      healthy,
      refusing,
    ])
  })

  test('an escalation: the other hears of it once, and the refusing one when it is back', async () => {
    await standing()
    world.clock.advance(1_190)
    await jobs.pass(240)
    expect([count(healthy, 'request.escalated'), count(refusing, 'request.escalated')]).toEqual([1, 0])

    broken = false
    await jobs.pass(30)

    expect([count(healthy, 'request.escalated'), count(refusing, 'request.escalated')]).toEqual([1, 1])
  })

  test('alarms, of a broken glass and of an overdue review: the other hears each once, and the refusing one when it is back', async () => {
    const id = await standing()
    await breakGlass(world.ports, {
      ...attemptBy(id, 'U0GRACE'),
      reason: 'INC-4711 everything is down',
      seen: 'facts',
    })
    const security = 'slack:S0SECURITY'
    await jobs.pass(300)
    expect([count(security, 'alarm broken'), count(refusing, 'alarm broken')]).toEqual([1, 0])
    broken = false
    await jobs.pass(30)
    expect([count(security, 'alarm broken'), count(refusing, 'alarm broken')]).toEqual([1, 1])

    broken = true
    world.clock.advance(86_400)
    await jobs.pass(300)
    expect([count(security, 'alarm overdue'), count(refusing, 'alarm overdue')]).toEqual([1, 0])
    expect([count(healthy, 'review.overdue'), count(refusing, 'review.overdue')]).toEqual([1, 0])
    broken = false
    await jobs.pass(30)

    expect([count(security, 'alarm overdue'), count(refusing, 'alarm overdue')]).toEqual([1, 1])
    expect([count(healthy, 'review.overdue'), count(refusing, 'review.overdue')]).toEqual([1, 1])
  })
})
