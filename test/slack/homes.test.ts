import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createChannel } from '../../src/slack/outbound/channel.ts'
import { slackWording } from '../../src/slack/text/answers.ts'
import { keepHomes } from '../../src/slack/windows/homes.ts'
import { homePace } from '../../src/slack/windows/publishHome.ts'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, click, elsewhere, submission } from '../support/world.ts'
import { type Company, openCompany } from './company.ts'
import { crowd, organisation } from './organisation.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const homeOf = (user: string) => JSON.stringify(company.local.as(user).sees().home?.blocks ?? [])
const shows = (user: string, text: string) => eventually(() => expect(homeOf(user)).toContain(text))
const calls = (method: string) => company.local.calls.filter((call) => call.method === method)
const publications = () => calls('views.publish').length
const later = () => company.world.clock.advance(homePace / 1_000)

async function opened(user: string, text = 'Waiting for you'): Promise<void> {
  await company.local.as(user).home()
  await shows(user, text)
}

describe('a Home that somebody has opened', () => {
  test('shows what others change, once in ten seconds, the newest state last', async () => {
    await opened('U0BOB', 'Nothing is waiting for you')
    const asked = [
      await ask(company.world, 'db.export'),
      await ask(company.world, 'db.export', elsewhere('db.export')),
    ]
    later()
    for (const { id } of asked) await shows('U0BOB', id)
    expect(publications()).toBe(2)

    await click(company.world, asked[0]?.id ?? '', 'U0OMAR')
    await click(company.world, asked[0]?.id ?? '', 'U0PRIYA')
    later()

    await eventually(() => expect(homeOf('U0BOB')).not.toContain(asked[0]?.id))
    expect(homeOf('U0BOB')).toContain(asked[1]?.id)
    expect(publications()).toBe(3)
  })

  test('is left alone by what does not concern its person, and an hour after it was opened', async () => {
    await opened('U0BOB')
    await opened('U0GRACE')
    await ask(company.world, 'deploy.start')
    later()
    await shows('U0GRACE', 'deploy.start')
    expect(publications()).toBe(3)

    company.world.clock.advance(3_601)
    await opened('U0PRIYA')
    await ask(company.world, 'db.export')
    later()
    await shows('U0PRIYA', 'db.export')
    expect(homeOf('U0BOB')).not.toContain('db.export')
  })

  test('shows an action that nobody was asked about to whom it was for', async () => {
    await opened('U0ALICE', 'No agent has asked')
    await ask(company.world, 'repo.read')
    later()
    await shows('U0ALICE', 'repo.read')
  })

  test('is made again when something may have been missed', async () => {
    await ask(company.world, 'db.export')
    await opened('U0BOB', 'db.export')
    company.local.directory.removeFromGroup('S0DATA', 'U0BOB')
    await company.local.idle()
    later()

    company.store.hearAnew()

    await shows('U0BOB', 'Nothing is waiting for you')
  })

  test('says who they are by now: a guest takes no part', async () => {
    await ask(company.world, 'db.export')
    await opened('U0BOB', 'db.export')

    company.local.directory.changeMember('U0BOB', { guest: 'multi' })
    await company.local.idle()
    company.store.hearAnew()
    later()

    await shows('U0BOB', 'Only active, full members')
  })
})

describe('a Slack that does not take a Home', () => {
  test('refusing, deaf or slow for one keeps nobody else from theirs, and is tried again', async () => {
    await opened('U0BOB')
    await opened('U0PRIYA')
    await opened('U0OMAR')
    company.local.faults.next('views.publish', { kind: 'error', error: 'internal_error' })
    company.local.faults.next('views.publish', { kind: 'rate_limited', retryAfter: 30 })
    const { id } = await ask(company.world, 'db.export')
    later()
    await eventually(() => expect(publications()).toBe(6))

    await eventually(() => {
      company.world.clock.advance(30)
      for (const user of ['U0BOB', 'U0PRIYA', 'U0OMAR']) expect(homeOf(user)).toContain(id)
    })
    expect(company.logged.filter(({ msg }) => msg === 'a Home could not be published')).toHaveLength(2)
  })

  test('a call that never ends holds up its own person only', async () => {
    await opened('U0BOB')
    await opened('U0PRIYA')
    company.local.faults.next('views.publish', { kind: 'hang' })
    const { id } = await ask(company.world, 'db.export')
    later()

    await eventually(() =>
      expect(['U0BOB', 'U0PRIYA'].filter((user) => homeOf(user).includes(id))).toHaveLength(1),
    )
  })

  test('hash_conflict: what another server published since is looked at again, and overwritten by the newest', async () => {
    await opened('U0BOB')
    const view = { type: 'home' as const, blocks: [{ type: 'divider' as const }] }
    await company.clients.clicks.views.publish({ user_id: 'U0BOB', view })
    const { id } = await ask(company.world, 'db.export')
    later()
    await eventually(() => expect(publications()).toBe(3))
    expect(homeOf('U0BOB')).not.toContain(id)

    await eventually(() => {
      later()
      expect(homeOf('U0BOB')).toContain(id)
    })
    expect(publications()).toBe(4)
  })
})

test('unknown is not no: while Slack does not say who is in a group, a Home stands as it was, then says that something may be missing', async () => {
  const { id } = await ask(company.world, 'db.export')
  await opened('U0BOB', id)
  company.world.clock.advance(60)
  company.local.faults.next('usergroups.list', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)
  company.store.hearAnew()

  await eventually(() => {
    expect(homeOf('U0BOB').includes(id) || homeOf('U0BOB').includes('something may be missing')).toBe(true)
    company.world.clock.advance(40)
    expect(homeOf('U0BOB')).toContain('something may be missing')
  })
  company.local.faults.clear()
  await eventually(() => {
    company.world.clock.advance(300)
    expect(homeOf('U0BOB')).toContain(id)
    expect(homeOf('U0BOB')).not.toContain('something may be missing')
  })
})

/** Another replica, over the same store. */
function replica() {
  const { world, clients } = company
  const ages = agesOf(world.clock)
  const log = pino({ level: 'silent' })
  const other = keepHomes(
    {
      ports: world.ports,
      log,
      via: 'slack',
      wording: slackWording,
      identity: company.identity,
      team: null,
      address: (id) => `slack:${id}`,
      clicks: clients.clicks,
      channel: createChannel({ client: clients.posts, ages, log }),
      later: async () => {},
      firstTime: () => true,
      countLook: () => {},
      homes: { opened: async () => {}, forgetUser: () => {} },
      house: async () => ({ conditions: [], stored: null }),
      ackAfter: 1_000,
      slowAfter: 1_000,
    },
    { ages, everyMs: 20 },
  )
  onTestFinished(() => other.stop())
  return other
}

describe('two replicas', () => {
  test('of which Slack told both of an opening: the later one keeps it, and the Home ends at the newest state', async () => {
    await opened('U0BOB')
    await replica().opened('U0BOB')

    const { id } = await ask(company.world, 'db.export')
    later()
    await shows('U0BOB', id)
    await click(company.world, id, 'U0OMAR')
    await click(company.world, id, 'U0PRIYA')

    await eventually(() => {
      later()
      expect(homeOf('U0BOB')).toContain('Nothing is waiting for you')
    })
    // The first has given it up by now: each change is published once. What is asked again would share a line.
    let rows = 10
    await eventually(async () => {
      const before = publications()
      const { id: next } = await ask(company.world, 'db.export', {
        action: { ...submission('db.export', { params: { rows: ++rows } }).action },
      })
      await eventually(() => {
        later()
        expect(homeOf('U0BOB')).toContain(next)
      })
      expect(publications()).toBe(before + 1)
    })
  })

  test('of which one ends: the other keeps true what it kept, until the hour is over', async () => {
    const first = replica()
    await first.opened('U0BOB')
    await shows('U0BOB', 'Nothing is waiting for you')

    await first.stop()
    const { id } = await ask(company.world, 'db.export')

    await eventually(() => {
      later()
      expect(homeOf('U0BOB')).toContain(id)
    })
  })
})

test('flood: one request for a group of many is shown to all who look, and nobody is looked up for it', async () => {
  await company.close()
  company = await openCompany({ seed: organisation() })
  const lookers = crowd.slice(0, 30)
  for (const user of lookers) await company.local.as(user).home()
  await eventually(() => expect(lookers.every((user) => homeOf(user).includes('Waiting for you'))).toBe(true))
  const before = calls('users.info').length

  const { id } = await ask(company.world, 'iam.change')
  const asked = calls('users.info').length
  later()

  await eventually(() => expect(lookers.filter((user) => !homeOf(user).includes(id))).toEqual([]))
  expect(asked - before).toBeLessThan(10)
  expect(calls('users.info').length - asked).toBeLessThan(10)
})

describe('what else Home shows', () => {
  test('an owner their agents, with what they have open', async () => {
    await ask(company.world, 'db.export')

    await opened('U0LEE', 'Your agents')

    expect(homeOf('U0LEE')).toContain('billing-agent: active, 1 waiting for people')
    await opened('U0GRACE')
    expect(homeOf('U0GRACE')).not.toContain('Your agents')
  })

  test('what was settled with their decision', async () => {
    const { id } = await ask(company.world, 'deploy.start')
    await click(company.world, id, 'U0GRACE')

    await opened('U0GRACE', 'Settled, with your decision')

    expect(homeOf('U0GRACE')).toContain(id)
    await opened('U0SAM')
    expect(homeOf('U0SAM')).not.toContain('Settled, with your decision')
  })

  test('how the server is to those whom the policy trusts with all of it, and to nobody else', async () => {
    company.world.setPolicy(
      testBundle({
        ...bundleFiles,
        'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security]}\n`,
      }),
    )
    company.health.raise('channel_away', 'a secret detail')

    await opened('U0PRIYA', 'This server')

    expect(homeOf('U0PRIYA')).toContain('⚠ Slack')
    expect(homeOf('U0PRIYA')).toContain('channel_away: The channel to people')
    expect(homeOf('U0PRIYA')).not.toContain('a secret detail')
    await opened('U0BOB')
    expect(homeOf('U0BOB')).not.toContain('This server')
  })
})
