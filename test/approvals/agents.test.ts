import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent, revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { authenticateKey, authenticateSignature } from '../../src/approvals/people/authenticate.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { keyOf } from '../support/testDirectory.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const by = { email: 'lee@acme.test' }

describe('agents', () => {
  test('the credential that was shown once lets the agent in', async () => {
    const { agent, key, credential } = world.agent
    expect(await authenticateKey(world.ports, credential)).toEqual({ agent, key })
    expect(JSON.stringify(key)).not.toContain(credential.split('_').slice(2).join('_'))
  })

  test.each([
    ['nothing', () => ''],
    ['something else', () => 'Bearer'],
    ['a key that does not exist', (credential: string) => credential.replace(/^csk_.{4}/, 'csk_0000')],
    ['a wrong secret', (credential: string) => `${credential.slice(0, -4)}AAAA`],
  ])('%s is refused without saying why', async (_, change) => {
    await expect(authenticateKey(world.ports, change(world.agent.credential))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  test('a name is taken once', async () => {
    const again = addAgent(world.ports, { name: 'billing-agent', owner: by, by, via: 'cli' })
    await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  })

  test.each(['', 'A', 'with space', 'x'.repeat(64), '-dash'])('%j is no name', async (name) => {
    await expect(addAgent(world.ports, { name, owner: by, by, via: 'cli' })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })

  test('rotation ends the old key at once and starts a new one', async () => {
    const next = await rotateKey(world.ports, { name: 'billing-agent', by, via: 'cli' })
    await expect(authenticateKey(world.ports, world.agent.credential)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(authenticateKey(world.ports, next.credential)).resolves.toMatchObject({
      key: { id: next.key.id },
    })
  })

  test('revocation ends the agent, once', async () => {
    await revokeAgent(world.ports, { name: 'billing-agent', by, via: 'cli' })
    await expect(authenticateKey(world.ports, world.agent.credential)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(revokeAgent(world.ports, { name: 'billing-agent', by, via: 'cli' })).rejects.toMatchObject({
      code: 'not_applicable',
    })
    await expect(rotateKey(world.ports, { name: 'nobody', by, via: 'cli' })).rejects.toMatchObject({
      code: 'unknown_agent',
    })
  })

  test('a signature counts for the agent whose active key made it', async () => {
    const verify = (keyId: string) => keyId === world.agent.key.id
    await expect(
      authenticateSignature(world.ports, { agent: 'billing-agent', verify }),
    ).resolves.toMatchObject({ key: { id: world.agent.key.id } })
    await rotateKey(world.ports, { name: 'billing-agent', by, via: 'cli' })
    await expect(
      authenticateSignature(world.ports, { agent: 'billing-agent', verify }),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('linking accounts', () => {
  test('is refused when they are one person already', async () => {
    const link = { account: { email: 'sam@acme.test' }, other: { email: 'bob@acme.test' }, via: 'cli' }
    const person = await linkAccounts(world.ports, link)
    const accounts = (await world.store.accountsOf(person)).map((one) => one.id)
    expect(accounts).toEqual(expect.arrayContaining([keyOf('U0SAM'), keyOf('U0BOB')]))
    await expect(linkAccounts(world.ports, link)).rejects.toMatchObject({ code: 'not_applicable' })
  })
})
