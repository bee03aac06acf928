import { beforeEach, expect, test } from 'vitest'
import { addOwnAgent, mostAgents, revokeOwnAgent } from '../../src/approvals/people/ownAgentActs.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld({ confirms: true })
})

let sent = 0
const act = (user: string) => {
  sent += 1
  return { account: keyOf(user), via: 'slack', delivery: `slack:${sent}` }
}
const add = (name: string, user = 'U0BOB') => addOwnAgent(world.ports, { ...act(user), name, lifetime: null })
const living = async () =>
  (await world.store.agents()).filter(({ name, status }) => name.startsWith('bob-') && status !== 'revoked')
const outcomes = async (all: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(all)).map((one) => (one.status === 'fulfilled' ? 'added' : one.reason.code))

test('in-flight: several at once are not more than one person may register', async () => {
  for (let nth = 1; nth < mostAgents - 1; nth += 1) await add(`bob-${nth}`)

  const said = await outcomes(['a', 'b', 'c', 'd', 'e'].map((name) => add(`bob-${name}`)))

  expect((await living()).length).toBeLessThanOrEqual(mostAgents)
  expect(said.filter((one) => one === 'added').length).toBe((await living()).length - (mostAgents - 2))
  expect(said).toContain('too_many_agents')
  await expect(add('priya-1', 'U0PRIYA')).resolves.toBeDefined()
})

test('many-agents: nobody begins anew by revoking, until no budget looks back so far', async () => {
  for (let nth = 1; nth <= mostAgents; nth += 1) await add(`bob-${nth}`)
  for (const { name } of await living()) await revokeOwnAgent(world.ports, { ...act('U0BOB'), name })

  await expect(add('bob-again')).rejects.toMatchObject({ code: 'too_many_agents' })
  world.clock.advance(30 * 86_400)

  await expect(add('bob-again')).resolves.toBeDefined()
})

const registrars = (line: string) =>
  testBundle({ ...bundleFiles, 'bundle.yaml': `${bundleFiles['bundle.yaml']}\n${line}\n` })

test('many-agents: only whom the policy names registers any; without the line every full member does', async () => {
  world.setPolicy(registrars('registrars: [group:platform-leads]'))

  await expect(add('bob-1')).rejects.toMatchObject({ code: 'may_not_register' })
  await expect(add('priya-1', 'U0PRIYA')).rejects.toMatchObject({ code: 'may_not_register' })
  await expect(add('grace-1', 'U0GRACE')).resolves.toBeDefined()

  world.setPolicy(testBundle())
  await expect(add('bob-1')).resolves.toBeDefined()
})

test('stale-replica: a policy that came meanwhile says who registers agents', async () => {
  const { store } = world.ports
  let first = true
  const commit: typeof store.commit = async (change) => {
    if (first && change.agents) {
      first = false
      world.setPolicy(registrars('registrars: [group:platform-leads]'))
      await world.ports.renewPolicy()
    }
    return store.commit(change)
  }

  const added = addOwnAgent(
    { ...world.ports, store: { ...store, commit } },
    { ...act('U0BOB'), name: 'bob-1', lifetime: null },
  )

  await expect(added).rejects.toMatchObject({ code: 'busy' })
  expect(await living()).toEqual([])
})

test('without a policy that is active nobody registers one', async () => {
  const bare = await testWorld({ policy: null })

  await expect(
    addOwnAgent(bare.ports, { ...act('U0BOB'), name: 'bob-1', lifetime: null }),
  ).rejects.toMatchObject({ code: 'may_not_register' })
})
