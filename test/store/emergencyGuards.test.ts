import { describe, expect, test } from 'vitest'
import { withClient } from '../support/database.ts'
import { changed, madeBrokenGlass, madeReview, smashed } from './contractEmergencies.ts'
import { approval, madeRequest, submission } from './made.ts'
import { opened } from './opened.ts'

async function smashedOne() {
  const open = await opened()
  const request = madeRequest()
  await open.store.commit(submission(request))
  await open.store.commit(smashed(request))
  const now = await open.store.request(request.id)
  if (!now) throw new Error('it was just written')
  return { ...open, request: now }
}

describe('the database', () => {
  test('never lets a broken glass be fixed, changed or blamed on another', async () => {
    const { store, request } = await smashedOne()
    const forgeries = [
      null,
      { ...madeBrokenGlass, person: 'per_other' },
      { ...madeBrokenGlass, reason: 'nicer' },
      { ...madeBrokenGlass, reviewBy: '2030-01-01T00:00:00.000Z' },
    ]
    for (const brokenGlass of forgeries)
      await expect(store.commit(changed(request, { brokenGlass }))).rejects.toThrow('(23001)')
    expect(await store.request(request.id)).toEqual(request)
  })

  test('lets a review be written once', async () => {
    const { store, request } = await smashedOne()
    const reviewed = { ...madeBrokenGlass, review: madeReview }
    expect(await store.commit(changed(request, { brokenGlass: reviewed }))).toBe('applied')

    const later = { ...request, version: request.version + 1 }
    for (const review of [null, { ...madeReview, note: 'nicer' }])
      await expect(
        store.commit(changed(later, { brokenGlass: { ...madeBrokenGlass, review } })),
      ).rejects.toThrow('(23001)')
  })

  test('breaks a glass only by approving what was pending', async () => {
    const { store } = await opened()
    const [waiting, settled] = [madeRequest(), madeRequest()]
    for (const request of [waiting, settled]) await store.commit(submission(request))
    await store.commit(approval(settled))

    await expect(store.commit(changed(waiting, { brokenGlass: madeBrokenGlass }))).rejects.toThrow('(23001)')
    const approved = await store.request(settled.id)
    if (!approved) throw new Error('it was just written')
    await expect(store.commit(changed(approved, { brokenGlass: madeBrokenGlass }))).rejects.toThrow('(23001)')
    const born = madeRequest({ state: 'approved', brokenGlass: madeBrokenGlass })
    await expect(store.commit(submission(born))).rejects.toThrow('(23514)')
    // The control: by approving it can be broken.
    expect(await store.commit(smashed(waiting))).toBe('applied')
  })

  test('knows a review as open exactly while there is one to write', async () => {
    const { databaseUrl } = await smashedOne()
    await withClient(databaseUrl, async (client) => {
      for (const change of ['under_review = false', `broken_glass = 'null'`])
        await expect(
          client.query(`UPDATE action_requests SET version = version + 1, ${change}`),
        ).rejects.toThrow(/exactly while/)
    })
  })

  test('reads what was written before conditions and emergencies as having none', async () => {
    const { store, pool, databaseUrl } = await opened()
    const request = madeRequest()
    await store.commit(submission(request))
    await store.commit(approval(request))
    const today = await store.request(request.id)
    await withClient(databaseUrl, async (client) => {
      await client.query('ALTER TABLE action_requests DISABLE TRIGGER USER')
      await client.query(`UPDATE action_requests SET
        verdict = (SELECT json_object_agg(key, value) FROM json_each(verdict) WHERE key NOT IN ('errors', 'observed', 'breakGlass')),
        requirement = (SELECT json_object_agg(key, value) FROM json_each(requirement)
          WHERE key NOT IN ('reason', 'confirm', 'escalate', 'stepUp', 'breakGlass')),
        decisions = (SELECT json_agg((SELECT json_object_agg(key, value) FROM json_each(one) WHERE key <> 'typed'))
          FROM json_array_elements(decisions) one)`)
    })
    const { rows } = await pool.query<{ requirement: object }>('SELECT requirement FROM action_requests')
    expect(rows[0]?.requirement).not.toHaveProperty('confirm')

    expect(await store.request(request.id)).toEqual(today)
  })
})
