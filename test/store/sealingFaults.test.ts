import { describe, expect, onTestFinished, test } from 'vitest'
import type { LedgerStore } from '../../src/approvals/ledger/ledgerStore.ts'
import { startSealing } from '../../src/approvals/ledger/sealing.ts'
import { withClient } from '../support/database.ts'
import { patience } from '../support/eventually.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'
import { relayTo } from '../support/relay.ts'
import { opened } from './opened.ts'
import { beginning, expectWholeTree, recorded, sealed, signerOf, tampered } from './sealingWorld.ts'

/** A tree of 258 entries, and how its table was before somebody changes it. */
async function standing() {
  const open = await opened()
  await recorded(open, 258)
  const signer = await sealed(open)
  const health = heardHealth()
  const seal = () => {
    const stop = startSealing({ ledger: open.ledger, signer, health: health.health, log: nobodyHears.log })
    onTestFinished(stop)
    return stop
  }
  return { open, signer, health, seal }
}

describe('rewrite: a tree that would fork, shrink or miss an entry', () => {
  test.each([
    [
      'the newest leaf is gone',
      ['DELETE FROM ledger_leaves WHERE index = 257'],
      /hash 257 of level 0 is missing/,
    ],
    [
      'the hash of a leaf is another',
      ["UPDATE ledger_leaves SET hash = sha256('x') WHERE index = 256"],
      /do not give/,
    ],
    ['the hash of a tile is another', ["UPDATE ledger_nodes SET hash = sha256('x')"], /do not give the root/],
    ['the hash of a tile is gone', ['DELETE FROM ledger_nodes'], /hash 0 of level 1 is missing/],
    [
      'the head is cut back, with its size',
      ['UPDATE ledger_head SET size = 200'],
      /says 200 entries, and the checkpoint that was signed 258/,
    ],
    [
      'the checkpoint is one that somebody else signed',
      ["UPDATE ledger_head SET checkpoint = replace(checkpoint, E'\n258\n', E'\n200\n'), size = 200"],
      /was not signed with our key/,
    ],
    [
      'a leaf stands beyond the head',
      ["INSERT INTO ledger_leaves VALUES (258, 'ent_forged', sha256('x'))"],
      /hash 258 of level 0 stands beyond/,
    ],
    [
      'a hash stands on a level that the tree does not have',
      ["INSERT INTO ledger_nodes VALUES (2, 0, sha256('x'))"],
      /hash 0 of level 2 stands beyond/,
    ],
    [
      'an entry that waits is gone',
      ['INSERT INTO unsealed_entries VALUES (9999)'],
      /the entry at position 9999 cannot become a leaf/,
    ],
    [
      'an entry is to get a second index',
      [
        'INSERT INTO unsealed_entries SELECT position FROM entries WHERE id = (SELECT entry_id FROM ledger_leaves WHERE index = 3)',
      ],
      /twice/,
    ],
  ])('stops sealing when %s, and says so; decisions go on being recorded', async (_, statements, says) => {
    const { open, health, seal } = await standing()
    const before = (await beginning(open)).head
    await tampered(open.pool, ...statements)
    const forged = (await beginning(open)).head

    const stop = seal()
    await recorded(open, 2)
    await expect.poll(health.now).toEqual(['sealing_stopped'])
    await stop()

    expect(health.raised.at(-1)?.detail).toMatch(says)
    expect((await beginning(open)).head).toEqual(forged)
    expect(before.size).toBe(258)
    const { rows } = await open.pool.query('SELECT count(*)::integer AS entries FROM entries')
    expect(rows).toEqual([{ entries: 260 }])
  })

  test('goes on when it has been put right, with what was recorded meanwhile', async () => {
    const { open, signer, health, seal } = await standing()
    await tampered(
      open.pool,
      'CREATE TABLE kept AS SELECT * FROM ledger_leaves WHERE index = 257',
      'DELETE FROM ledger_leaves WHERE index = 257',
    )
    seal()
    await recorded(open, 2)
    await expect.poll(health.now).toEqual(['sealing_stopped'])

    await tampered(open.pool, 'INSERT INTO ledger_leaves SELECT * FROM kept')

    await expect.poll(health.now).toEqual([])
    await expect.poll(async () => (await beginning(open)).head.size).toBe(260)
    await expectWholeTree(open.pool, signer)
  })

  test('control: an untouched one goes on', async () => {
    const { open, signer, health, seal } = await standing()

    seal()
    await recorded(open, 2)

    await expect.poll(async () => (await beginning(open)).head.size).toBe(260)
    expect(health.raised).toEqual([])
    await expectWholeTree(open.pool, signer)
  })
})

describe('a head that nobody can go on from is no sign that another does', () => {
  test('gone: said at once, also when nothing waits', async () => {
    const { open, health, seal } = await standing()
    await tampered(open.pool, 'DELETE FROM ledger_head')

    seal()

    await expect.poll(health.now).toEqual(['sealing_stopped'])
    expect(health.raised.at(-1)?.detail).toMatch(/the row of ledger_head is gone/)
  })

  /** Sealing by a clock of the test, and how often it was told that another has the head in hand. */
  async function beside() {
    const { open, signer, health } = await standing()
    const seen = { elsewhere: 0, now: 0 }
    const ledger: LedgerStore = {
      ...open.ledger,
      async extend(limit, seal) {
        const done = await open.ledger.extend(limit, seal)
        if ('elsewhere' in done) seen.elsewhere += 1
        return done
      },
    }
    const options = { ledger, signer, ...nobodyHears, health: health.health, elapsed: () => seen.now }
    const looksMore = async () => {
      const before = seen.elsewhere
      await expect.poll(() => seen.elsewhere, { timeout: patience }).toBeGreaterThan(before + 1)
    }
    return { open, health, seen, looksMore, seal: () => onTestFinished(startSealing(options)) }
  }

  test('held by somebody who does not go on: said after a minute, until they do or let go', async () => {
    const { open, health, seen, looksMore, seal } = await beside()

    await withClient(open.databaseUrl, async (client) => {
      await client.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
      await recorded(open, 2)
      seal()
      await looksMore()
      expect(health.raised).toEqual([]) // control: not before

      seen.now = 61_000

      await expect.poll(health.now).toEqual(['sealing_stopped'])
      expect(health.raised.at(-1)?.detail).toMatch(/for a minute: somebody holds the row of ledger_head/)
      // Their head goes on, and they begin the next batch.
      await client.query('SET LOCAL session_replication_role = replica')
      await client.query('UPDATE ledger_head SET version = version + 1')
      await client.query('COMMIT AND CHAIN; SELECT FROM ledger_head FOR UPDATE')
      await expect.poll(health.now).toEqual([])
    })
  })

  test('held by one replica says nothing against what another has found wrong', async () => {
    const { open, health, seen, looksMore, seal } = await beside()
    await tampered(
      open.pool,
      'CREATE TABLE kept AS SELECT * FROM ledger_leaves WHERE index = 257',
      'DELETE FROM ledger_leaves WHERE index = 257',
    )
    await recorded(open, 2)
    seal()
    await expect.poll(health.now).toEqual(['sealing_stopped'])

    await withClient(open.databaseUrl, async (client) => {
      await client.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
      seen.elsewhere = 0
      await looksMore()
      expect(health.now()).toEqual(['sealing_stopped'])
    })
    await tampered(open.pool, 'INSERT INTO ledger_leaves SELECT * FROM kept')

    await expect.poll(health.now).toEqual([])
  })
})

test('a tree that did not fit counts as wrong until it was checked, also when nothing waits any more', async () => {
  const { open, health, seal } = await standing()
  await tampered(
    open.pool,
    "UPDATE ledger_leaves SET hash = sha256('x') WHERE index = 256",
    "UPDATE ledger_head SET signed_at = now() - interval '61 minutes'",
  )
  const stop = seal()
  await expect.poll(health.now).toEqual(['sealing_stopped'])

  await tampered(open.pool, 'UPDATE ledger_head SET signed_at = now()')

  const rounds = health.raised.length
  await expect.poll(() => health.raised.length, { timeout: patience }).toBeGreaterThan(rounds + 1)
  await stop()
  expect(health.now()).toEqual(['sealing_stopped'])
})

test('an entry whose text is none stops sealing, and does not get an index', async () => {
  const { open, health, seal } = await standing()
  await open.pool.query(`INSERT INTO entries (id, ts, type, subject_kind, subject_id, text)
    VALUES ('ent_x', now(), 'agent.added', 'agent', 'a', '{}')`)

  seal()

  await expect.poll(health.now).toEqual(['sealing_stopped'])
  expect(health.raised.at(-1)?.detail).toMatch(/the entry at position 259 cannot become a leaf/)
})

test('a head that was signed long ago is checked and signed again, though nothing happened', async () => {
  const { open, seal } = await standing()
  await tampered(open.pool, "UPDATE ledger_head SET signed_at = now() - interval '61 minutes'")
  const { head } = await beginning(open)

  seal()

  await expect.poll(async () => (await beginning(open)).head.version).toBe(head.version + 1)
  const { head: after } = await beginning(open)
  expect(after).toMatchObject({ size: head.size, root: head.root, checkpoint: head.checkpoint })
  expect(after.signedAt > head.signedAt).toBe(true)
})

describe('bad-session: a database that goes away', () => {
  test('is waited for, and what was recorded meanwhile by others is sealed', async () => {
    const { open, signer } = await standing()
    const relay = await relayTo(open.databaseUrl)
    const behind = await opened(relay.url)
    const health = heardHealth()
    onTestFinished(startSealing({ ledger: behind.ledger, signer, ...nobodyHears, health: health.health }))
    relay.refuse()
    await recorded(open, 3)

    relay.recover()

    await expect.poll(async () => (await beginning(open)).head.size).toBe(261)
    expect(health.raised).toEqual([])
    await expectWholeTree(open.pool, signer)
  })

  test('for a minute is said of sealing, until it works again', async () => {
    const open = await opened()
    const signer = await signerOf(open)
    const health = heardHealth()
    let [away, now, looked] = [true, 0, 0]
    const ledger: LedgerStore = {
      ...open.ledger,
      isDue: async (seconds) => {
        looked += 1
        if (away) throw new Error('nobody there')
        return open.ledger.isDue(seconds)
      },
    }
    onTestFinished(
      startSealing({ ledger, signer, ...nobodyHears, health: health.health, elapsed: () => now }),
    )
    await expect.poll(() => looked).toBeGreaterThan(1)
    expect(health.now()).toEqual([])

    now = 61_000

    await expect.poll(health.now).toEqual(['sealing_stopped'])
    expect(health.raised.at(-1)?.detail).toMatch(/None was sealed for a minute: nobody there/)
    away = false
    await expect.poll(health.now).toEqual([])
  })
})
