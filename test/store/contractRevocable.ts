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
    expect(await ids({ limit: 10, about: granted.agent.id })).toContain(granted.id)
    expect(await ids({ limit: 10, about: 'agt_nobody' })).toEqual([])
  })

  test('what others were asked through an agent is listed with what it asked itself, and nothing else that names it', async () => {
    const { store } = await open()
    const through = (agent: string) =>
      ({ through: [{ kind: 'agent', name: 'planner \u0000 "agent":"agt_other"', agent }] }) as const
    const own = madeRequest({ agent: { ...madeRequest().agent, id: 'agt_planner' } })
    const asked = madeRequest({ run: through('agt_planner') })
    const other = madeRequest({ run: through('agt_plannerX') })
    const told = madeRequest({ run: { session: '"through":[{"agent":"agt_planner"}]' } })
    for (const one of [own, asked, other, told]) await store.commit(submission(one))
    const granted = allowed({ run: through('agt_planner') })
    await store.commit(submission({ ...granted, grant: madeGrant(granted.id) }))
    const ids = async (list: 'waiting' | 'revocable', about?: string) =>
      (await store[list]({ limit: 10, ...(about !== undefined && { about }) })).map(({ id }) => id)

    expect(await ids('waiting', 'agt_planner')).toEqual([asked.id, own.id])
    expect(await ids('revocable', 'agt_planner')).toEqual([granted.id])
    expect(await ids('waiting', 'agt_other')).toEqual([])
    expect(await ids('waiting')).toEqual([told.id, other.id, asked.id, own.id])
    const page = { limit: 1, about: 'agt_planner', before: asked.id }
    expect((await store.waiting(page)).map(({ id }) => id)).toEqual([own.id])
  })
}
