import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { shell } from '../support/claims.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type Company, openCompany } from './company.ts'

const { bob, lee } = teamsIds

let company: Company
let runDue: () => Promise<void>
beforeEach(async () => {
  company = await openCompany({ confirms: true })
  const { world, store, channel } = company
  runDue = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock }).runDue
})

/** An agent that somebody with a shell registers in Lee's name, and where Lee is asked. */
async function claimed() {
  const owner = { address: `teams:${lee}` }
  const { ports } = company.world
  const issued = await addAgent(ports, { name: 'nightly', owner, by: owner, via: 'cli', shell })
  await runDue()
  const conversation = company.local
    .as(lee)
    .sees()
    .conversations.find(({ kind }) => kind === 'chat')
  const at = {
    conversation: conversation?.id ?? '',
    message: company.local.as(lee).chat().at(-1)?.id ?? '',
  }
  return { at, enter: () => authenticateKey(ports, issued.credential) }
}

const types = () => company.store.ledger.map(({ type }) => type)

describe('what is claimed in somebody’s name, in Teams', () => {
  test('counts when they confirm it on the message that is theirs', async () => {
    const { at, enter } = await claimed()
    await expect(enter()).rejects.toThrow()

    expect(await company.local.as(lee).press(at, 'confirm_claim')).toMatchObject({
      ok: true,
      said: 'Confirmed, and recorded with your name.',
    })
    await runDue()

    await expect(enter()).resolves.toBeDefined()
    expect(JSON.stringify(company.local.as(lee).chat().at(-1)?.card)).not.toContain('confirm_claim')
    expect(company.local.problems).toEqual([])
  })

  test('gives nothing any more when they say that it was not them', async () => {
    const { at, enter } = await claimed()

    expect(await company.local.as(lee).press(at, 'disown_claim')).toMatchObject({ ok: true })

    await expect(enter()).rejects.toThrow()
    expect(types()).toContain('confirmation.disowned')
  })

  test('is confirmed by nobody else, and by no card that comes into sight', async () => {
    const { at, enter } = await claimed()
    const action = company.local.as(lee).chat().at(-1)
    const value = /cnf_[0-9a-z]+/.exec(JSON.stringify(action?.card))?.[0] ?? ''
    const confirm = { type: 'Action.Execute', verb: 'confirm_claim', data: { value } }
    const composed = company.local.compose({ act: 'press', as: lee, ...at, action: confirm })
    const from = { id: `29:${bob}`, aadObjectId: bob }

    await company.local.send({ ...composed, from })
    await company.local.send({ ...composed, id: 'f:2', value: { action: confirm, trigger: 'automatic' } })
    await company.local.send({ ...composed, id: 'f:3', replyToId: '1' })
    await expect(enter()).rejects.toThrow()
    await company.local.send({ ...composed, id: 'f:4' })

    await expect(enter()).resolves.toBeDefined()
  })
})
