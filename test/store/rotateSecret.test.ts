import { expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { type AboutToRotate, rotateSecret, sealedPlaces } from '../../src/store/rotateSecret.ts'
import { withClient } from '../support/database.ts'
import { opened, openedToServe, silent } from './opened.ts'
import { another, claim, everything, from, rested, rotating, standing, to } from './rotatingWorld.ts'

test('seals all of it again, bound to the same rows, and the database has the new secret', async () => {
  const url = await rested()
  expect(await standing(url)).toEqual({
    texts: everything,
    under: ['old'],
    fingerprint: from.fingerprint,
    entries: 0,
  })
  let about: AboutToRotate | undefined

  const done = await rotateSecret(url, {
    ...rotating,
    entry(found) {
      about = found
      return rotating.entry(found)
    },
  })

  expect(done?.again.map(({ row }) => row)).toEqual([
    'kid_1',
    'whk_1',
    'whk_2',
    'lse_1',
    'slack:T0ACME',
    'ldg_1',
  ])
  expect(done?.closed).toEqual([])
  expect(done?.dropped).toEqual([])
  expect(about).toMatchObject({ installation: 'wsp_1', keys: [{ agent: 'billing-agent', key: 'key_1' }] })
  expect(await standing(url)).toEqual({
    texts: everything,
    under: ['new'],
    fingerprint: to.fingerprint,
    entries: 1,
  })
  const open = await openStore({ databaseUrl: url, log: silent })
  await expect(open.installation(claim)).rejects.toMatchObject({ code: 'other_secret' })
  expect((await open.installation({ ...claim, secretFingerprint: to.fingerprint })).id).toBe('wsp_1')
  await open.close()
})

test('a second run finds that it was done, and does nothing', async () => {
  const url = await rested()
  await rotateSecret(url, rotating)

  expect(await rotateSecret(url, rotating)).toBeNull()
  await expect(rotateSecret(url, { ...rotating, to: another })).rejects.toMatchObject({
    code: 'other_secret',
  })

  expect(await standing(url)).toMatchObject({ under: ['new'], entries: 1 })
})

test('what did not open before stays as it is, and is named; the rest is sealed again', async () => {
  const url = await rested()
  await withClient(url, (client) =>
    client.query(`UPDATE webhooks SET version = version + 1, sealed = 'v1.AAAA' WHERE id = 'whk_2'`),
  )

  const done = await rotateSecret(url, rotating)

  expect(done?.closed).toEqual([{ purpose: 'webhook', row: 'whk_2' }])
  expect(await standing(url)).toMatchObject({
    under: ['new'],
    texts: everything.filter((text) => !text.includes('whk_2')),
  })
})

test.each([
  ['does not open', 'closed', { sealed: 'v1.AAAA', until: '2999-01-01T00:00:00.000Z' }],
  ['is over', 'over', { until: '2026-11-01T00:00:00.000Z' }],
] as const)(
  'an earlier secret that %s does not keep a good one under the secret of before: it goes, and is named',
  async (_, why, change) => {
    const url = await rested()
    await withClient(url, (client) =>
      client.query(
        `UPDATE webhooks SET version = version + 1, earlier = (earlier::jsonb || $1::jsonb)::json WHERE id = 'whk_1'`,
        [JSON.stringify(change)],
      ),
    )

    const done = await rotateSecret(url, rotating)

    expect(done?.closed).toEqual([])
    expect(done?.dropped).toEqual([{ purpose: 'webhook', row: 'whk_1', why }])
    expect(await standing(url)).toMatchObject({
      under: ['new'],
      texts: everything.filter((text) => text !== 'the earlier one'),
    })
  },
)

test('an entry that cannot be made changes nothing', async () => {
  const url = await rested()
  const entry = () => {
    throw new Error('there is no file for the agents')
  }

  await expect(rotateSecret(url, { ...rotating, entry })).rejects.toThrow('no file')

  expect(await standing(url)).toMatchObject({ under: ['old'], fingerprint: from.fingerprint, entries: 0 })
})

test('needs the role that owns the tables', async () => {
  const { databaseUrl, migrateUrl, close, installation } = await openedToServe()
  await installation(claim)
  await close()

  await expect(rotateSecret(databaseUrl, rotating)).rejects.toMatchObject({ code: 'no_rights' })
  expect((await rotateSecret(migrateUrl, rotating))?.again).toEqual([])
})

test('a role that is above nothing sees that the sessions of another role are those of Countersign', async () => {
  const { databaseUrl, migrateUrl } = await openedToServe()

  const seen = await withClient(databaseUrl, async (serving) => {
    const named = new URL(migrateUrl)
    named.searchParams.set('application_name', 'countersign of somebody else')
    return withClient(named.href, async () => {
      const { rows } = await serving.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'countersign of somebody else' AND usename <> current_user`,
      )
      return rows.length
    })
  })

  expect(seen).toBe(1)
})

test('every column that holds something sealed is one that is sealed again', async () => {
  const { databaseUrl } = await opened()

  const { rows } = await withClient(databaseUrl, (client) =>
    client.query(
      `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name ~ 'sealed' ORDER BY 1`,
    ),
  )

  expect(rows.map(({ name }) => name)).toEqual(sealedPlaces.map(({ table }) => table).sort())
})
