import { describe, expect, test } from 'vitest'
import { submit } from '../../src/approvals/submit.ts'
import type { Action } from '../../src/core/action.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, envelope, submission, testWorld, type World } from '../support/world.ts'

const withoutInventory = {
  ...bundleFiles,
  'resources.yaml': 'apiVersion: countersign/v1\nkind: ResourceInventory\nresources: []\n',
}
const asking = (world: World, change: Partial<Action>) => {
  const { action, ...rest } = submission('repo.read')
  return submit(world.ports, envelope(world), { ...rest, action: { ...action, ...change } })
}
const users = { type: 'table', id: 'warehouse.users' }

describe('own-spelling: is refused at the door with its place and the name that is meant', () => {
  test.each([
    ['a resource', { resource: { ...users, id: 'WAREHOUSE.users' } }, '/resource/id', '"warehouse.*"'],
    ['another dot', { resource: { ...users, id: 'warehouse\u3002users' } }, '/resource/id', '"warehouse.*"'],
    ['a type', { resource: { ...users, type: 'Table' } }, '/resource/type', '"table"'],
    [
      'a space that nothing seen follows',
      { resource: { ...users, type: 'table \u200b' } },
      '/resource/type',
      '"table"',
    ],
    ['an action', { action: 'rep0.read' }, '/action', '"repo.read"'],
  ])('%s', async (_what, change, pointer, meant) => {
    const world = await testWorld()

    await expect(asking(world, change)).rejects.toMatchObject({
      code: 'lookalike_name',
      problems: [{ pointer, detail: expect.stringContaining(meant) }],
    })
    expect(await world.store.requests({ limit: 10 })).toEqual([])
  })
})

test('control: the name exactly as it is known, and one that resembles none, flow', async () => {
  const world = await testWorld()

  for (const resource of [users, { ...users, id: 'staging.users' }]) {
    const { request } = await asking(world, { resource })
    expect(request).toMatchObject({ state: 'approved' })
  }
})

test('what was asked before the name became known is answered as it was', async () => {
  const world = await testWorld({ policy: testBundle(withoutInventory) })
  const sent = envelope(world)
  const odd = submission('repo.read')
  const body = { ...odd, action: { ...odd.action, resource: { ...users, id: 'WAREHOUSE.users' } } }
  const { request } = await submit(world.ports, sent, body)

  world.setPolicy(testBundle())

  expect(await submit(world.ports, sent, body)).toMatchObject({ created: false, request: { id: request.id } })
  await expect(submit(world.ports, envelope(world), body)).rejects.toMatchObject({ code: 'lookalike_name' })
})

test('the policy that is active judges the name, also when this process has not heard of it', async () => {
  const world = await testWorld({ policy: testBundle(withoutInventory) })
  const before = world.ports.policy()
  let judgements = 0
  const ports = { ...world.ports, policy: () => (judgements++ === 0 ? before : world.ports.policy()) }
  world.setPolicy(testBundle())
  await world.ports.renewPolicy()
  const odd = submission('repo.read')

  await expect(
    submit(ports, envelope(world), {
      ...odd,
      action: { ...odd.action, resource: { ...users, id: 'WAREHOUSE.users' } },
    }),
  ).rejects.toMatchObject({ code: 'lookalike_name' })
  expect(await ask(world, 'repo.read')).toMatchObject({ state: 'approved' })
})
