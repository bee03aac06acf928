import { beforeEach, describe, expect, test } from 'vitest'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const facts = async (change = {}) => (await ask(world, 'deploy.start', change)).verdict.facts

function withRule(rule: string): void {
  world.setPolicy(testBundle({ ...bundleFiles, 'rules/more.yaml': rule }))
}

const groupRule = `
- id: deploy.security
  description: Security deploys by itself.
  match: {actions: [deploy.start]}
  when: has(initiator.groups) && "group:security" in initiator.groups
  verdict: allow
`

describe('what policy hears of people', () => {
  test('who they are and their addresses, of the initiator and of the owner of the agent', async () => {
    expect(await facts({ run: { model: 'm-large' } })).toMatchObject({
      agent: { id: world.agent.agent.id, model: 'm-large', owner: { email: 'lee@acme.test' } },
      initiator: { id: expect.stringMatching(/^per_/), email: 'alice@acme.test', kind: 'human' },
      request: { reason: 'Quarterly churn analysis', source: 'api' },
    })
  })

  test('the owner, when the agent names no initiator', async () => {
    expect(await facts({ initiator: null })).toMatchObject({ initiator: { email: 'lee@acme.test' } })
  })

  test('no groups as long as no condition reads them: nobody has to be asked for them', async () => {
    world.directory.unreadable.add('S0SECURITY')
    expect(await facts()).not.toHaveProperty('initiator.groups')
  })

  test('all groups of the bundle that they are in, when a condition reads them', async () => {
    withRule(groupRule)
    const initiator = { email: 'priya@acme.test' }
    const request = await ask(world, 'deploy.start', { initiator })
    expect(request).toMatchObject({
      state: 'approved',
      verdict: { facts: { initiator: { groups: ['group:security', 'group:data-owners'] } } },
    })
  })

  test('control: somebody else is in no group that matters, so people are asked', async () => {
    withRule(groupRule)
    expect(await ask(world, 'deploy.start')).toMatchObject({
      state: 'pending',
      verdict: { facts: { initiator: { groups: ['group:only-behind'] } } },
    })
  })

  test('silence: half of the groups count for none, and the rule that allows does not', async () => {
    withRule(groupRule)
    world.directory.unreadable.add('S0DATA')
    const request = await ask(world, 'deploy.start', { initiator: { email: 'priya@acme.test' } })
    expect(request.state).toBe('pending')
    expect(request.verdict.facts).not.toHaveProperty('initiator.groups')
  })

  test('silence: an owner whom the directory does not know now has no address, and errors count as the stricter way', async () => {
    withRule(`
- id: deploy.lee
  description: Lee's agents deploy by themselves.
  match: {actions: [deploy.start]}
  when: agent.owner.email == "lee@acme.test"
  verdict: allow
`)
    expect((await ask(world, 'deploy.start')).state).toBe('approved') // the control
    world.directory.accounts.delete('U0LEE')
    const request = await ask(world, 'deploy.start')
    expect(request.state).toBe('pending')
    expect(request.verdict.errors).toHaveLength(1)
    const [submitted] = await world.store.entries(request.id)
    expect(submitted?.data.verdict).toMatchObject({ errors: 1 })
    expect(submitted?.blobs.map((blob) => blob.name)).toContain('errors')
  })
})
