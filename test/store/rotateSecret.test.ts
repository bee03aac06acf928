import { describe, expect, test } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { openStore } from '../../src/store/open.ts'
import {
  type AboutToRotate,
  type RotatingSecret,
  rotateSecret,
  sealedPlaces,
} from '../../src/store/rotateSecret.ts'
import { sealWith } from '../../src/store/seal.ts'
import { secretOf } from '../../src/store/secretFile.ts'
import { withClient } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { cutAt } from './cutting.ts'
import { approval, madeAgent, madeKey, madeRequest, submission } from './made.ts'
import { madeLease, madeSigningKey, madeWebhook } from './madeGrants.ts'
import { opened, openedToServe, silent } from './opened.ts'

const [from, to, another] = ['o', 'n', 'x'].map((letter) => secretOf(letter.repeat(43))) as [
  ReturnType<typeof secretOf>,
  ReturnType<typeof secretOf>,
  ReturnType<typeof secretOf>,
] // three letters make three
const claim = { kind: 'sandbox', secretFingerprint: from.fingerprint, newId: () => 'wsp_1' } as const
const seals = (purpose: string, row: string, text = `the ${purpose} of ${row}`) =>
  sealWith(from).seal(text, { purpose, row })

const rotating: RotatingSecret = {
  from,
  to,
  entry: ({ installation, at, again }: AboutToRotate) =>
    newEntry(
      { ids: randomIds, clock: () => at, workspace: installation },
      {
        type: 'secret.rotated',
        actor: { kind: 'system', id: 'operator', via: 'cli' },
        subject: { kind: 'installation', id: installation },
        data: { sealed_again: again.length },
      },
    ),
}

/** A database with something of all that is sealed, which nobody works on. */
async function rested() {
  const { store, close, installation, databaseUrl } = await opened()
  await installation(claim)
  const agent = madeAgent({ id: 'agt_1', name: 'billing-agent' })
  const request = madeRequest({ id: 'req_1' })
  await store.commit({
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: madeKey(agent.id, { id: 'key_1' }) }],
    signingKeys: [
      { expected: null, next: madeSigningKey({ id: 'kid_1', sealed: seals('signing-key', 'kid_1') }) },
      { expected: null, next: madeSigningKey({ id: 'kid_gone', status: 'retired', sealed: null }) },
    ],
    webhooks: [
      {
        expected: null,
        next: madeWebhook({
          id: 'whk_1',
          sealed: seals('webhook', 'whk_1'),
          earlier: {
            sealed: seals('webhook', 'whk_1', 'the earlier one'),
            until: '2026-12-02T00:00:00.000Z',
          },
        }),
      },
      { expected: null, next: madeWebhook({ id: 'whk_2', sealed: seals('webhook', 'whk_2') }) },
    ],
    entries: [],
  })
  await store.commit(submission(request))
  await store.commit({
    leases: [
      {
        expected: null,
        next: madeLease({ id: 'lse_1', request: request.id, sealed: seals('lease', 'lse_1') }),
      },
      { expected: null, next: madeLease({ id: 'lse_2', request: request.id, sealed: null }) },
    ],
    entries: [],
  })
  await close()
  return databaseUrl
}

/** What the database holds, opened under whichever secret opens it. */
async function standing(databaseUrl: string) {
  return withClient(databaseUrl, async (client) => {
    const texts: string[] = []
    const under = new Set<string>()
    for (const { table, purpose, earlier } of sealedPlaces) {
      const { rows } = await client.query(
        `SELECT id, sealed, ${earlier ? 'earlier' : 'NULL AS earlier'} FROM ${table} WHERE sealed IS NOT NULL ORDER BY id`,
      )
      for (const { id: row, sealed, earlier: before } of rows)
        for (const one of [sealed, ...(before ? [before.sealed] : [])])
          for (const [name, secret] of Object.entries({ old: from, new: to })) {
            try {
              texts.push(sealWith(secret).open(one, { purpose, row }))
              under.add(name)
            } catch {} // it opens under the other
          }
    }
    const { rows } = await client.query('SELECT secret_fingerprint AS fingerprint FROM installation')
    const entries = await client.query(`SELECT text FROM entries WHERE type = 'secret.rotated'`)
    return { texts, under: [...under], fingerprint: rows[0].fingerprint, entries: entries.rows.length }
  })
}

const everything = [
  'the signing-key of kid_1',
  'the webhook of whk_1',
  'the earlier one',
  'the webhook of whk_2',
  'the lease of lse_1',
]

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

  expect(done?.again.map(({ row }) => row)).toEqual(['kid_1', 'whk_1', 'whk_2', 'lse_1'])
  expect(done?.closed).toEqual([])
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

test('an entry that cannot be made changes nothing', async () => {
  const url = await rested()
  const entry = () => {
    throw new Error('there is no file for the agents')
  }

  await expect(rotateSecret(url, { ...rotating, entry })).rejects.toThrow('no file')

  expect(await standing(url)).toMatchObject({ under: ['old'], fingerprint: from.fingerprint, entries: 0 })
})

describe('killed at any of its steps', () => {
  const steps = Array.from({ length: 24 }, (_, n) => n + 1).flatMap((nth) =>
    (['before', 'after'] as const).map((when) => ({ nth, when })),
  )

  test('all of it is under the one secret or all under the other, and a second run finishes it', async () => {
    const ends: string[] = []
    for (const at of steps) {
      const url = await rested()
      const { url: cut, cut: wasCut } = await cutAt(url, at)

      const told = await rotateSecret(cut, rotating).then(
        () => 'done',
        () => 'killed',
      )
      const now = await standing(url)

      expect(now.texts, `${at.when} ${at.nth}`).toEqual(everything)
      expect(now.under).toHaveLength(1)
      expect(now.fingerprint).toBe(now.under[0] === 'new' ? to.fingerprint : from.fingerprint)
      expect(now.entries).toBe(now.under[0] === 'new' ? 1 : 0)
      if (wasCut()) ends.push(`${told}, ${now.under[0]}`)
      await rotateSecret(url, rotating)
      expect(await standing(url)).toMatchObject({ texts: everything, under: ['new'], entries: 1 })
    }
    // control: it was killed before its commit, and after it, too.
    expect(new Set(ends)).toEqual(new Set(['killed, old', 'killed, new', 'done, new']))
  }, 120_000)
})

describe('while somebody works', () => {
  test('a server is named, and nothing is changed', async () => {
    const url = await rested()
    const { store, installation } = await opened(url)
    await installation(claim)
    await store.beat({ id: 'rep_1', name: 'host-one (process 7)', policy: null })

    await expect(rotateSecret(url, rotating)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('host-one (process 7)'),
    })

    expect(await standing(url)).toMatchObject({ under: ['old'], fingerprint: from.fingerprint })
  })

  test('one that comes back after its connections were lost gets no session, writes nothing, and ends', async () => {
    const url = await rested()
    const relay = await relayTo(url)
    const { store, installation, replaced } = await opened(relay.url)
    await installation(claim)
    const request = madeRequest({ id: 'req_2' })
    await store.commit(submission(request)) // control: before, it writes
    relay.refuse()
    expect(await rotateSecret(url, rotating)).not.toBeNull()
    relay.recover()

    await expect(store.commit(approval(request))).rejects.toMatchObject({ reason: 'refused', unknown: false })

    expect(replaced.reason).toMatchObject({ code: 'other_secret' })
  })

  test('whoever opens the installation meanwhile waits, and then meets the new secret', async () => {
    const url = await rested()
    const late = await openStore({ databaseUrl: url, log: silent })
    await late.close()
    let opening: Promise<unknown> = Promise.resolve()
    const done = await rotateSecret(url, {
      ...rotating,
      entry(found) {
        opening = openStore({ databaseUrl: url, log: silent }).then(async (open) => {
          const told = await open.installation(claim).catch((fault: unknown) => fault)
          await open.close()
          return told
        })
        return rotating.entry(found)
      },
    })

    expect(done?.again).toHaveLength(4)
    expect(await opening).toMatchObject({ code: 'other_secret' })
  })
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
