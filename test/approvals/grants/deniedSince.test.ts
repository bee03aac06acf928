import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../../src/approvals/change.ts'
import type { Ports } from '../../../src/approvals/ports.ts'
import { entriesOf } from '../../support/recorded.ts'
import { bundleFiles } from '../../support/testBundle.ts'
import { ask, click } from '../../support/world.ts'
import { type PolicyHouse, policyHouse } from '../policyHouse.ts'
import { asksForGrant, requestIn } from './granted.ts'

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
  await house.propose(bundleFiles)
})

type Files = Readonly<Record<string, string>>

const closed: Files = {
  ...bundleFiles,
  'rules/later.yaml':
    '- {id: all.end, description: Nothing runs., match: {actions: ["*"]}, verdict: deny, message: We are closed.}\n',
}
const asking: Files = {
  ...bundleFiles,
  'rules/all.yaml': (bundleFiles['rules/all.yaml'] ?? '').replace(
    'match: {actions: [repo.read]}, verdict: allow',
    'match: {actions: [repo.read]}, verdict: require_approval',
  ),
}
const held: Files = {
  ...bundleFiles,
  'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace(
    'floor: {',
    'floor: {never_allow_effects: [read], ',
  ),
}

async function approvedBy(what: 'people' | 'policy'): Promise<string> {
  if (what === 'policy') return (await ask(house.world, 'repo.read')).id
  const { id } = await ask(house.world, 'host.reboot')
  await click(house.world, id, 'U0PRIYA')
  await click(house.world, id, 'U0SAM')
  return id
}

describe('drift: what is about to be granted is judged by the policy of now', () => {
  test.each(['people', 'policy'] as const)(
    'control: what %s approved is granted while it says the same',
    async (by) => {
      expect((await asksForGrant(house.world, await approvedBy(by))).repeated).toBe(false)
    },
  )

  test.each(['people', 'policy'] as const)(
    'what %s approved is revoked when it is denied by now',
    async (by) => {
      const id = await approvedBy(by)
      await house.propose(closed)

      await expect(asksForGrant(house.world, id)).rejects.toMatchObject({ code: 'grant_revoked' })

      expect(await requestIn(house.ports.store, id)).toMatchObject({
        state: 'revoked',
        revokedBy: 'policy',
        outcome: 'Policy has come to deny this since it was approved (rule all.end). We are closed.',
      })
      expect((await entriesOf(house.ports.store, id, 'request.revoked'))[0]).toMatchObject({
        actor: { kind: 'policy', id: house.ports.policy()?.digest, via: 'grant' },
        data: { by: 'policy', code: 'rules', rules: ['all.end'] },
      })
    },
  )

  test('what policy allowed is revoked when its floor never lets such a thing run by itself any more', async () => {
    const [allowed, agreed] = [await approvedBy('policy'), await approvedBy('people')]
    await house.propose(held)

    await expect(asksForGrant(house.world, allowed)).rejects.toMatchObject({ code: 'grant_revoked' })
    // What people agreed to does not run by itself.
    expect((await asksForGrant(house.world, agreed)).repeated).toBe(false)
  })

  test('whom it would ask by now changes nothing: what was allowed keeps its verdict', async () => {
    const id = await approvedBy('policy')
    await house.propose(asking)

    expect((await asksForGrant(house.world, id)).repeated).toBe(false)
  })

  test('a policy that is activated while it is judged judges it', async () => {
    const id = await approvedBy('people')
    let proposed = false
    const store: Ports['store'] = {
      ...house.ports.store,
      async commit(change: Change) {
        if (change.request && !proposed) {
          proposed = true
          await house.propose(closed)
        }
        return house.ports.store.commit(change)
      },
    }

    const asked = asksForGrant({ ...house.world, ports: { ...house.ports, store } }, id)

    await expect(asked).rejects.toMatchObject({ code: 'grant_revoked' })
    expect((await requestIn(house.ports.store, id)).grant).toBeUndefined()
  })

  test('where no policy can judge, nothing is granted and nothing changes', async () => {
    const id = await approvedBy('people')
    const ports = { ...house.ports, policy: () => null }

    await expect(asksForGrant({ ...house.world, ports }, id)).rejects.toMatchObject({ code: 'not_ready' })
    expect((await requestIn(house.ports.store, id)).state).toBe('approved')
  })
})
