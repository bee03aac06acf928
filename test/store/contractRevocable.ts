import { expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Subject } from './contract.ts'
import { approval, at, madeLine, madeRequest, submission } from './made.ts'
import { madeGrant } from './madeGrants.ts'

const allowed = (given: Partial<ActionRequest> = {}) =>
  madeRequest({ state: 'approved', requirement: null, expiresAt: null, settledAt: at, ...given })

async function releasedIn(store: Store): Promise<string> {
  const request = madeRequest()
  await store.commit(submission(request))
  await store.commit(approval(request))
  return request.id
}

/** What a stop may take back. */
export function listsRevocable(open: () => Promise<Subject>): void {
  test('what could be taken back is listed by pages: what people released, and what has a grant', async () => {
    const { store } = await open()
    const released = await releasedIn(store)
    const { id, ...rest } = allowed()
    const granted = { id, ...rest, grant: madeGrant(id) }
    for (const one of [madeRequest(), allowed(), granted]) await store.commit(submission(one))
    const revoked = await store.request(await releasedIn(store))
    if (!revoked) throw new Error('it was written')
    await store.commit({
      request: {
        expected: revoked.version,
        next: { ...revoked, version: revoked.version + 1, state: 'revoked', revokedBy: 'stop' },
      },
      entries: [madeLine({ request: revoked.id, type: 'request.revoked' })],
    })
    const ids = async (query: Parameters<Store['revocable']>[0]) =>
      (await store.revocable(query)).map((one) => one.id)

    const all = [released, granted.id].toSorted().toReversed()
    expect(await ids({ limit: 10 })).toEqual(all)
    expect(await ids({ limit: 1 })).toEqual(all.slice(0, 1))
    expect(await ids({ limit: 10, before: all[0] ?? '' })).toEqual(all.slice(1))
    expect(await ids({ limit: 10, agent: granted.agent.id })).toContain(granted.id)
    expect(await ids({ limit: 10, agent: 'agt_nobody' })).toEqual([])
  })
}
