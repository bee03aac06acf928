import { expect, test } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { policyNow } from '../../src/approvals/policy/policyNow.ts'
import { testWorld } from '../support/world.ts'

async function activated(data: Record<string, string | null | string[]>) {
  const world = await testWorld()
  const version = await world.store.activePolicy()
  const entry = newEntry(world.ports, {
    type: 'policy.activated',
    actor: { kind: 'system', id: 'startup', via: 'startup' },
    subject: { kind: 'policy', id: version?.digest ?? '' },
    data: {
      files_digest: version?.filesDigest ?? '',
      by: 'startup',
      approved_by: [],
      broken_glass: null,
      ...data,
    },
  })
  await world.store.commit({ entries: [entry] })
  return { world }
}

test('without any activation there is no policy to tell of', async () => {
  const { ports } = await testWorld({ policy: null })

  expect(await policyNow(ports)).toBeNull()
})

test('who wanted it and who agreed are told by the accounts they have now', async () => {
  const { world } = await activated({ by: 'per_gone', approved_by: ['per_other'] })

  expect(await policyNow(world.ports)).toMatchObject({
    rules: expect.any(Number),
    activation: {
      by: { id: 'per_gone', account: null },
      approvedBy: [{ id: 'per_other' }],
      brokenGlass: null,
    },
  })
})

test('the activation of other files, or none that is found, says nothing of since when', async () => {
  const { world } = await activated({ files_digest: 'sha256:other' })

  expect(await policyNow(world.ports)).toMatchObject({ activation: null })
})

test('a policy that this process does not judge by has no count of rules', async () => {
  const { ports } = await testWorld()

  expect(await policyNow({ ...ports, policy: () => null })).toMatchObject({ rules: null })
})
