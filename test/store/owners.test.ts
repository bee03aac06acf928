import { expect, test } from 'vitest'
import { readOwners } from '../../src/store/owners.ts'
import { freshDatabase } from '../support/database.ts'
import { madeAccount, madeAgent } from './made.ts'
import { opened, silent } from './opened.ts'

test('active agents with the accounts of their owners of today, and nothing of an empty database', async () => {
  const empty = await freshDatabase()
  expect(await readOwners(empty, silent)).toEqual([])

  const { store, databaseUrl } = await opened(empty)
  const account = (person: string, id: string, claimedFrom: string | null = null) => ({
    expected: null,
    next: madeAccount(person, { id, claimedFrom }),
  })
  const agent = (name: string, owner: string, status: 'active' | 'revoked' = 'active') => ({
    expected: null,
    next: madeAgent({ id: `agt_${name}`, name, owner, status }),
  })
  await store.commit({
    accounts: [
      account('per_lee', 'slack:T0ACME:U0LEE'),
      account('per_lee', 'slack:T0ACME:U0LEEADM'),
      account('per_lee', 'person:per_former'),
      account('per_bob', 'slack:T0ACME:U0BOB'),
      account('per_lee', 'slack:T0ACME:U0NOOR', 'per_noor'),
      account('per_lee', 'person:per_noor', 'per_noor'),
    ],
    agents: [
      agent('nightly', 'per_lee'),
      agent('joined', 'per_former'),
      agent('noors', 'per_noor'),
      agent('unknown', 'per_nobody'),
      agent('gone', 'per_bob', 'revoked'),
    ],
    entries: [],
  })

  const both = ['slack:T0ACME:U0LEE', 'slack:T0ACME:U0LEEADM']
  expect(await readOwners(databaseUrl, silent)).toEqual([
    { name: 'joined', accounts: both },
    { name: 'nightly', accounts: both },
    // What is only claimed to be somebody's is not.
    { name: 'noors', accounts: ['slack:T0ACME:U0NOOR'] },
    { name: 'unknown', accounts: [] },
  ])
})
