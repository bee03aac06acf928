import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany, send } from './company.ts'

/** Priya and Sam are Security; Lee owns the agent. */
const policy = testBundle({
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}  user:lee: {slack_user: U0LEE}\nstop: {who: [group:security, user:lee]}\n`,
  'actions.yaml': `${bundleFiles['actions.yaml']}  stop.resume: {effect: write, params: open}\n`,
  'rules/stops.yaml': `
- id: stop.resume
  description: Resuming needs Security.
  match: {actions: [stop.resume]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
`,
})

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(policy)
  await company.world.ports.renewPolicy()
})
afterEach(() => company.close())

const type = (user: string, text: string) => company.local.as(user).command(channelId, `/approvals ${text}`)
const standing = async () => (await company.store.standingStops()).stops
const shown = (user: string) => JSON.stringify(company.local.as(user).modal() ?? null)
const homeOf = (user: string) => JSON.stringify(company.local.as(user).sees().home?.blocks ?? [])
/** Types a command, and waits for its window. */
async function opens(user: string, text: string): Promise<void> {
  await type(user, text)
  await eventually(() => expect(company.local.as(user).modal()?.callbackId).toMatch(/^stop_/))
}
/** Types a command, and waits for what it is answered. */
async function answered(user: string, text: string, answer: string): Promise<void> {
  await type(user, text)
  await eventually(() => expect(heard(user)).toContain(answer))
}
const heard = (user: string) => JSON.stringify(company.local.as(user).messages(channelId))

describe('stopping by a command', () => {
  test('is confirmed in a window that says what it means, and only then acts', async () => {
    await opens('U0PRIYA', 'stop agent billing-agent It exports too much')

    expect(shown('U0PRIYA')).toContain('Stop the agent billing-agent?')
    expect(shown('U0PRIYA')).toContain('It exports too much')
    expect(await standing()).toEqual([])

    await send(company, 'U0PRIYA', { reason: 'It exports far too much' })
    expect(await standing()).toMatchObject([
      {
        scope: { kind: 'agent', agent: company.world.agent.agent.id },
        reason: 'It exports far too much',
        by: { kind: 'person', account: 'slack:T0ACME:U0PRIYA', via: 'slack' },
      },
    ])
    await expect(ask(company.world, 'repo.read')).rejects.toMatchObject({ code: 'stopped' })
    const told = () => JSON.stringify(company.local.as('U0PRIYA').sees().messages)
    await eventually(() => expect(told()).toContain('*Stopped*: the agent billing-agent. It holds'))
  })

  test.each([
    ['stop action db.* Too much', { kind: 'action', pattern: 'db.*' }],
    ['stop everything Too much', { kind: 'everything' }],
  ])('%s', async (typed, scope) => {
    await opens('U0PRIYA', typed)
    await send(company, 'U0PRIYA', { reason: 'Too much' })

    expect(await standing()).toMatchObject([{ scope }])
  })

  test('somebody behind the agent may, where the policy names them', async () => {
    await opens('U0LEE', 'stop agent billing-agent Mine runs wild')
    await send(company, 'U0LEE', { reason: 'Mine runs wild' })

    expect(await standing()).toHaveLength(1)
  })

  test.each([
    ['whom the policy does not name', 'U0BOB', 'The policy names other people'],
    ['who is a guest', 'U0GWEN', 'full members'],
  ])('nobody else may: somebody %s', async (_, user, answer) => {
    await answered(user, 'stop everything I say so', answer)

    expect(company.local.as(user).modal()).toBeUndefined()
    expect(await standing()).toEqual([])
  })

  test('whoever is not named any more when they send the window stops nothing', async () => {
    await opens('U0PRIYA', 'stop everything Too much')
    company.world.setPolicy(testBundle())
    await company.world.ports.renewPolicy()
    await send(company, 'U0PRIYA', { reason: 'Too much' })

    expect(shown('U0PRIYA')).toContain('The policy names other people')
    expect(await standing()).toEqual([])
  })

  test('a command that names nothing is answered with how it is written', async () => {
    await answered('U0PRIYA', 'stop agent', 'approvals stop agent &lt;name&gt; &lt;why&gt;')
    await answered('U0PRIYA', 'stop agent nobody Because', 'no such agent')
  })
})

describe('resuming by a command', () => {
  test('asks a second person, and shows what is stopped', async () => {
    await opens('U0PRIYA', 'stop everything Too much')
    await send(company, 'U0PRIYA', { reason: 'Too much' })
    const [stop] = await standing()
    await answered('U0BOB', 'stops', stop?.id ?? '')

    await opens('U0BOB', `resume ${stop?.id} Fixed`)
    expect(shown('U0BOB')).toContain('Ask that everything be resumed?')
    await send(company, 'U0BOB', { reason: 'The exporter is fixed' })

    const [request] = await company.store.requests({ limit: 1 })
    expect(request).toMatchObject({
      state: 'pending',
      action: { action: 'stop.resume', resource: { id: stop?.id } },
      reason: 'The exporter is fixed',
    })
    expect((await company.store.entries(request?.id ?? ''))[0]).toMatchObject({ actor: { via: 'slack' } })
    expect(await standing()).toHaveLength(1)
  })

  test.each([
    ['resume', 'Which one?'],
    ['resume stp_nothing Fixed', 'no such stop'],
  ])('%s is answered with what is wrong', async (typed, answer) => {
    await answered('U0BOB', typed, answer)

    expect(company.local.as('U0BOB').modal()).toBeUndefined()
    expect(await company.store.requests({ limit: 1 })).toEqual([])
  })
})

test('Home says what is stopped', async () => {
  await opens('U0PRIYA', 'stop everything Too much of it')
  await send(company, 'U0PRIYA', { reason: 'Too much of it' })

  await company.local.as('U0BOB').home()

  await eventually(() => expect(homeOf('U0BOB')).toContain('Too much of it'))
})
