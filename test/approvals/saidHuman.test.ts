import { beforeEach, describe, expect, test } from 'vitest'
import { expire } from '../../src/approvals/expire.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

/** Who did what, of a request. */
const by = async (id: string) => (await world.store.entries(id)).map(({ type, actor }) => [type, actor.kind])

describe('said-human: an entry names a person only where one did it', () => {
  test('an approval, a denial and an expiry that nobody decided', async () => {
    const [allowed, denied, expired] = [
      await ask(world, 'repo.read'),
      await ask(world, 'audit.delete'),
      await ask(world, 'db.export'),
    ]
    world.clock.advance(3_600)
    await expire(world.ports, expired.id)

    expect(await by(allowed.id)).toEqual([
      ['request.submitted', 'agent'],
      ['request.approved', 'policy'],
    ])
    expect(await by(denied.id)).toEqual([
      ['request.submitted', 'agent'],
      ['request.denied', 'policy'],
    ])
    expect(await by(expired.id)).toEqual([
      ['request.submitted', 'agent'],
      ['request.expired', 'system'],
    ])
  })

  test('control: where somebody decided, they are named', async () => {
    const request = await ask(world, 'deploy.start')
    await click(world, request.id, 'U0GRACE')

    expect(await by(request.id)).toContainEqual(['decision.made', 'person'])
  })
})
