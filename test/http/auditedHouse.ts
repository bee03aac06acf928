import { hashSecret } from '../../src/approvals/people/authenticate.ts'
import type { AuditorKey } from '../../src/approvals/records.ts'
import { erasureOf, madeAuditorKey, madeLine } from '../store/made.ts'
import { opened } from '../store/opened.ts'
import { recorded, sealed } from '../store/sealingWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { type HouseOptions, openHouse } from './house.ts'

const suffix = '0'.repeat(26)
const secret = 'S'.repeat(43)

/** The key of Priya, who is an auditor by the policy of the house. */
export const auditorKey = `csa_${suffix}_${secret}`
export const asAuditor = { authorization: `Bearer ${auditorKey}` }

const auditors = testBundle({
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}auditors: [group:security]\n`,
})

/** A house whose policy names auditors, with the key of one; people and keys stand in memory. */
export async function houseWithAuditor(options: HouseOptions = {}, key: Partial<AuditorKey> = {}) {
  const house = await openHouse(options)
  house.setPolicy(auditors)
  const next = madeAuditorKey({
    id: `adk_${suffix}`,
    status: 'active',
    account: keyOf('U0PRIYA'),
    secretHash: hashSecret(secret),
    ...key,
  })
  await house.store.commit({ auditorKeys: [{ expected: null, next }], entries: [] })
  const read = (path: string, headers: Record<string, string> = asAuditor) =>
    house.call('GET', `/v1/ledger/${path}`, { headers })
  const bytes = async (path: string) =>
    Buffer.from(await (await fetch(`${house.url}/v1/ledger/${path}`, { headers: asAuditor })).arrayBuffer())
  return { ...house, read, bytes }
}

/** The same over a ledger of so many sealed entries in a database; the last has a value beside it, and the one before had one. */
export async function audited(count: number) {
  const open = await opened()
  await recorded(open, count - 3)
  await open.store.commit({ entries: [madeLine({ id: `ent_${'1'.repeat(26)}` }, { reason: 'churn' })] })
  await open.store.commit(await erasureOf(open.store, [`ent_${'1'.repeat(26)}`]))
  await open.store.commit({ entries: [madeLine({ id: `ent_${'2'.repeat(26)}` }, { reason: 'a migration' })] })
  const signer = await sealed(open)
  return { open, signer, ...(await houseWithAuditor({ ledger: open.ledgerReader })) }
}
