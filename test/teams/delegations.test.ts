import { beforeEach, describe, expect, test } from 'vitest'
import { startDelegation } from '../../src/approvals/delegations/start.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type Company, openCompany } from './company.ts'

const { bob, omar, priya } = teamsIds

let company: Company
let runDue: () => Promise<void>
beforeEach(async () => {
  company = await openCompany()
  runDue = jobsOf(company)
})

function jobsOf({ world, store, channel }: Company) {
  return jobsAtWork({ ports: world.ports, store, channel, clock: world.clock }).runDue
}

const standing = () => company.store.standingDelegations(company.world.clock())
const newest = (who: string) => JSON.stringify(company.local.as(who).chat().at(-1)?.card ?? null)

/** Omar goes away; Bob is told in his place, and hears that. */
async function omarAway() {
  const { ports, clock } = company.world
  const account = await ports.directory.account(`teams:${omar}`)
  const until = new Date(clock().getTime() + 3 * 86_400_000)
  await startDelegation(ports, { account, via: 'teams', to: `teams:${bob}`, until, delivery: 'away' })
  await runDue()
  const conversation = company.local
    .as(bob)
    .sees()
    .conversations.find(({ kind }) => kind === 'chat')
  const message = company.local.as(bob).chat().at(-1)?.id ?? ''
  return { conversation: conversation?.id ?? '', message }
}

describe('whoever stands in for somebody, in Teams', () => {
  test('declines on the message that is theirs, which asks no more then, and whoever is away hears that', async () => {
    const at = await omarAway()
    expect(newest(bob)).toContain('delegation_decline')

    expect(await company.local.as(bob).press(at, 'delegation_decline')).toMatchObject({ ok: true })

    expect(await standing()).toEqual([])
    await runDue()
    expect(newest(bob)).not.toContain('delegation_decline')
    expect(newest(omar)).toContain('declined to be told in your place')
    expect(company.local.problems).toEqual([])
  })

  test('delegate: the button does nothing for anybody else, nor for a card that comes into sight; what is over says so', async () => {
    const at = await omarAway()
    const value = /dlg_[0-9a-z]+/.exec(newest(bob))?.[0] ?? ''
    const action = { type: 'Action.Execute', verb: 'delegation_decline', data: { value } }
    const composed = company.local.compose({ act: 'press', as: bob, ...at, action })
    const press = async (id: string, change: object = {}) =>
      JSON.stringify(await company.local.send({ ...composed, id, ...change }))

    await press('f:1', { from: { id: `29:${priya}`, aadObjectId: priya } })
    await press('f:2', { value: { action, trigger: 'automatic' } })
    expect(await standing()).toHaveLength(1)
    await press('f:3')
    expect(await standing()).toEqual([])

    expect(await press('f:4')).toContain('That is over already.')
  })

  test('slow-work: one that takes long is told of in their chat, and a stop waits for that', async () => {
    company = await openCompany({ slowAfter: 200 })
    runDue = jobsOf(company)
    const at = await omarAway()
    let free = () => {}
    company.slowDown(
      () =>
        new Promise<void>((resolve) => {
          free = resolve
        }),
    )

    expect(await company.local.as(bob).press(at, 'delegation_decline')).toMatchObject({
      said: expect.stringContaining('You will be told how it ended'),
    })
    let hasStopped = false
    const stopped = company.stop().then(() => {
      hasStopped = true
    })
    await new Promise(setImmediate)
    expect(hasStopped).toBe(false)
    free()
    await stopped

    expect(newest(bob)).toContain('You declined')
    expect(await standing()).toEqual([])
  })
})
