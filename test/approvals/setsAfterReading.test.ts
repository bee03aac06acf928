import { beforeEach, expect, test } from 'vitest'
import { runFiles } from '../support/runFiles.ts'
import { askTogether, clickAll, statesIn } from '../support/setWorld.ts'
import { testBundle } from '../support/testBundle.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld({ policy: testBundle(runFiles) })
})

const member = (action: string, resource: { type: string; id: string }) => ({
  action: { action, resource, params: {}, environment: 'prod' },
  involved: [],
})
const page = { type: 'page', id: 'handbook' }
const read = member('repo.read', { type: 'table', id: 'warehouse.users' })
const send = member('mail.send', page)

test.each([
  ['before it', [read, send], ['approved', 'pending']],
  ['after it', [send, read], ['pending', 'approved']],
])(
  'who sends counts as having read what is asked for together with it, also what stands %s',
  async (_, members, states) => {
    const set = await askTogether(world, members)

    expect(await statesIn(world, set)).toEqual(states)
  },
)

test('control: together with what is not restricted it flows', async () => {
  const set = await askTogether(world, [member('repo.read', page), send])

  expect(await statesIn(world, set)).toEqual(['approved', 'approved'])
})

const never = `
- id: send.never
  description: No mail after restricted data has been read.
  match: {actions: [mail.send]}
  when: '"restricted" in run.sensitivities'
  verdict: deny
`

test.each([
  ['before it', [0, 1]],
  ['after it', [1, 0]],
])(
  'what is let through by one click counts as read for whoever sends, also what stands %s',
  async (_, order) => {
    const both = [{ ...read, action: { ...read.action, action: 'file.read' } }, send]
    world.setPolicy(
      testBundle({ ...runFiles, 'rules/run.yaml': never.replace('restricted" in', 'secret" in') }),
    )
    const set = await askTogether(
      world,
      order.flatMap((nth) => both[nth] ?? []),
    )
    expect(await statesIn(world, set)).toEqual(['pending', 'pending'])
    world.setPolicy(testBundle({ ...runFiles, 'rules/run.yaml': never }))

    await clickAll(world, set, 'U0GRACE')

    const states = await statesIn(world, set)
    expect(order.map((nth) => states[nth])).toEqual(['approved', 'denied'])
  },
)
