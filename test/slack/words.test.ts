import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'
import { type Company, channelId, openCompany, send } from './company.ts'
import { ephemeralsTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** What somebody is answered to what they type, as it was sent. */
async function answered(user: string, typed: string): Promise<string> {
  const before = ephemeralsTo(company, user).length
  await company.local.as(user).command(channelId, `/approvals ${typed}`)
  await eventually(() => expect(ephemeralsTo(company, user).length).toBeGreaterThan(before))
  const { text, blocks } = ephemeralsTo(company, user).at(-1) ?? {}
  return JSON.stringify([text, blocks])
}

describe('/approvals who', () => {
  test('says leg by leg who can still decide, and who cannot and why', async () => {
    const request = await ask(company.world, 'db.export')

    const said = await answered('U0BOB', `who ${request.id}`)

    expect(said).toContain('Can still decide: <@U0OMAR>, <@U0BOB> and <@U0PRIYA>')
    expect(said).toContain('*You can decide*, for data.')
    expect(said).toContain('*Cannot decide*, being behind the action')
    expect(said).toContain('<@U0ALICE> (')
  })

  test('whoever has decided is named and cannot again; the viewer hears why not', async () => {
    const request = await ask(company.world, 'db.export')
    await click(company.world, request.id, 'U0BOB')

    const said = await answered('U0BOB', `who ${request.id}`)

    expect(said).toContain('*Have decided*, and cannot again: <@U0BOB>')
    expect(said).toContain('*You cannot decide*: ')
    expect(said).not.toMatch(/Can still decide: [^.]*<@U0BOB>/)
    expect(await answered('U0ALICE', `who ${request.id}`)).toContain('*You cannot decide*: ')
  })

  test('an empty group and one that cannot be read are told apart', async () => {
    const request = await ask(company.world, 'db.export')
    company.local.directory.setGroupDisabled('S0DATA', true)
    await company.local.idle()
    expect(await answered('U0ALICE', `who ${request.id}`)).toMatch(/Nobody is in data-owners now/)

    company.world.clock.advance(60)
    company.local.faults.next('usergroups.list', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)
    expect(await answered('U0ALICE', `who ${request.id}`)).toMatch(
      /Who is in data-owners could not be found out/,
    )
  })

  test('the menu of a card opens the same', async () => {
    const { at } = await company.asked('db.export')
    const card = company.local
      .as('U0BOB')
      .messages(channelId)
      .find(({ ts }) => ts === at.ts)
    const who = /"(who\|req_[^"]+)"/.exec(JSON.stringify(card?.blocks))?.[1] ?? ''

    await company.local.as('U0BOB').press(at, 'more', { value: who })

    await eventually(() =>
      expect(windowOf(company, 'U0BOB')).toContain('Can still decide: <@U0OMAR>, <@U0BOB> and <@U0PRIYA>'),
    )
  })

  test.each(['who', 'why', 'show'])(
    '%s without an id asks for one, and of somebody else’s says nothing',
    async (word) => {
      const request = await ask(company.world, 'db.export')

      expect(await answered('U0BOB', word)).toContain('Which one?')
      expect(await answered('U0GRACE', `${word} ${request.id}`)).not.toContain('db.export')
    },
  )
})

describe('/approvals why', () => {
  test('shows the rules that fired, and under which policy; also of what was allowed', async () => {
    const asked = await ask(company.world, 'db.export')
    const allowed = await ask(company.world, 'repo.read')

    expect(await answered('U0BOB', `why \`${asked.id}\``)).toContain('Why people are asked')
    const said = await answered('U0ALICE', `why ${allowed.id}`)
    expect(said).toContain('Why it is allowed')
    expect(said).toContain('policy sha256:')
  })

  test('and who, of what is settled, speak of what was', async () => {
    const { id } = await ask(company.world, 'deploy.start')
    await click(company.world, id, 'U0GRACE')

    expect(await answered('U0GRACE', `why ${id}`)).toContain('Why people were asked')
    expect(await answered('U0GRACE', `who ${id}`)).toContain('Who could decide?')
  })

  test('names a policy that decided by as much of its digest as cards do', async () => {
    const { id } = await ask(company.world, 'repo.read')

    expect(await answered('U0ALICE', `show ${id}`)).toMatch(/approved, by policy sha256:[0-9a-f]{12}\W/)
  })
})

describe('/approvals policy', () => {
  test('says which is active, with its digest and what else can be asked', async () => {
    const said = await answered('U0BOB', 'policy')
    expect(said).toContain('is the active policy, with 11 rules')
    expect(said).toMatch(/sha256:[0-9a-f]{64}/)
    expect(said).toContain('Test an action…')
    expect(await answered('U0BOB', 'policy tset')).toContain('Did you mean `/approvals policy test`?')
  })

  const written = {
    action: 'db.export',
    resource_type: 'table',
    resource_id: 'warehouse.users',
    environment: 'prod',
    params: '{"rows": 5}',
    agent: '',
  }
  const open = async (user: string) => {
    await company.local.as(user).command(channelId, '/approvals policy test')
    await windowOpens(company, user, 'policy_test')
  }

  test('test shows the verdict, the rules and the requirement, and nothing comes of it', async () => {
    const before = [
      company.store.ledger.length,
      (await company.store.requests({ limit: 5 })).length,
      company.store.jobs.size,
    ]
    const calls = () => company.local.calls.filter(({ method }) => method.startsWith('chat.')).length
    const said = calls()
    await open('U0BOB')

    await send(company, 'U0BOB', written)

    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('*Needs approval*'))
    expect(windowOf(company, 'U0BOB')).toContain('db.export on warehouse.users (prod)')
    expect([
      company.store.ledger.length,
      (await company.store.requests({ limit: 5 })).length,
      company.store.jobs.size,
    ]).toEqual(before)
    expect(calls()).toBe(said)
  })

  test.each(['{"rows": ', '[1, 2]', '"text"', 'null'])(
    'parameters that are no object (%s) are said beside the field',
    async (params) => {
      await open('U0BOB')

      expect(await send(company, 'U0BOB', { ...written, params })).toMatchObject({
        errors: { params: expect.stringContaining('JSON') },
      })
    },
  )

  test('not-staff: a guest neither sees the policy nor tests it', async () => {
    expect(await answered('U0GWEN', 'policy')).toContain('full members')
    expect(await answered('U0GWEN', 'policy test')).toContain('full members')
  })
})

describe('what is mistyped', () => {
  test.each([
    ['polcy', '/approvals policy'],
    ['hwo', '/approvals who'],
    ['whi', '/approvals wh'],
    ['req_01kaaaaaaaaaaaaaaaaaaaaaaa', '/approvals show req_01kaaaaaaaaaaaaaaaaaaaaaaa'],
  ])('“%s” suggests %s', async (typed, suggested) => {
    expect(await answered('U0BOB', typed)).toContain(suggested)
  })

  test('so does a mistyped kind of stop', async () => {
    company.world.setPolicy(
      testBundle({
        ...bundleFiles,
        'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security]}\n`,
      }),
    )
    expect(await answered('U0PRIYA', 'stop agnet billing-agent')).toContain('Did you mean `agent`?')
  })
})
