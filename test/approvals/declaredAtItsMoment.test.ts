import { beforeEach, describe, expect, test } from 'vitest'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { kindsIn } from '../support/reportingWorld.ts'
import { declare, ends, rollbackWorld, runs, statesOf } from '../support/rollbackWorld.ts'
import { click } from '../support/world.ts'
import { smash } from './emergency.ts'
import { asksForGrant } from './grants/granted.ts'

let { world } = await rollbackWorld()
beforeEach(async () => {
  ;({ world } = await rollbackWorld())
})

describe('a declared rollback', () => {
  test('that policy allows stays when one person lets its action through alone: it needed nobody', async () => {
    const { first, rollback } = await declare(world, 'host.reboot', 'repo.read')

    await smash(world, first.id, 'U0GRACE')

    expect(await statesOf(world, first.id)).toEqual(['approved', 'approved'])
    await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'nothing_to_undo' })
    await runs(world, first)
    await ends(world, first, 'succeeded')
    expect(await asksForGrant(world, rollback.id)).toMatchObject({ repeated: false })
  })

  test('that policy allows is reported as done without a grant while its action has not run', async () => {
    const { first, rollback } = await declare(world, 'deploy.start', 'repo.read')

    const early = await ends(world, rollback, 'failed')

    expect(kindsIn(early)).toEqual([['not_redeemed']])
    await click(world, first.id, 'U0GRACE')
    await runs(world, first)
    await ends(world, first, 'succeeded')
    expect(kindsIn(await ends(world, rollback, 'succeeded'))).toEqual([['not_redeemed'], []])
  })

  test('control: what is only recorded, together with its action, was done as it was asked', async () => {
    const { rollback } = await declare(world, 'repo.read', 'repo.read')

    expect(kindsIn(await ends(world, rollback, 'succeeded'))).toEqual([[]])
  })
})

test('stale-replica: a stop that covers only the rollback, made after that was looked at, is found by the commit', async () => {
  const { first } = await declare(world, 'deploy.start', 'table.drop')
  const { stops } = world.ports
  let looks = 0
  const standing: typeof stops.standing = async () => {
    looks += 1
    if (looks !== 2) return stops.standing()
    await makeStop(world.ports, {
      what: { kind: 'action', pattern: 'table.*' },
      reason: 'Look first.',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    })
    return stops.renew()
  }
  const there = { ...world, ports: { ...world.ports, stops: { ...stops, standing } } }

  await expect(click(there, first.id, 'U0GRACE')).rejects.toMatchObject({ code: 'stopped' })

  expect(looks).toBeGreaterThan(2)
  expect(await statesOf(world, first.id)).toEqual(['pending', 'pending'])
})
