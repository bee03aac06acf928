import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { auditorCalls } from '../../src/cli/auditorCalls.ts'
import { sayGaps } from '../../src/cli/gaps.ts'
import { servedLedger } from '../../src/cli/servedLedger.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import { audited, auditorKey } from '../http/auditedHouse.ts'
import { erasureOf } from '../store/made.ts'
import { foreign, wentOn } from '../store/resumedWorld.ts'
import { recorded, sealed, tampered } from '../store/sealingWorld.ts'

const size = 1_100

/** What an auditor finds who has nothing but an address and a key. */
async function verified(server: string, kept: readonly KeptCheckpoint[] = [], key = auditorKey) {
  const waited: string[] = []
  const steps: number[] = []
  const waits = (why: string) => void waited.push(why)
  const ledger = await servedLedger(auditorCalls({ server, key, waits, wait: async () => undefined }))
  const found = await verifyLedger(ledger, { kept, key: null, progress: (done) => void steps.push(done) })
  return { ...found, waited, steps }
}

const keptOf = async ({ read }: Awaited<ReturnType<typeof audited>>): Promise<KeptCheckpoint> => {
  const checkpoint = readCheckpoint((await read('checkpoint')).text)
  if (!checkpoint) throw new Error('there is one')
  return { from: 'the one that was kept', checkpoint }
}

/** A door before a server that treats some calls otherwise. */
async function door(to: string, treat: (nth: number, path: string) => number | null) {
  let nth = 0
  const server = createServer(async (request, response) => {
    nth += 1
    const status = treat(nth, request.url ?? '')
    if (status === 0) return void request.socket.destroy()
    if (status !== null) return void response.writeHead(status).end()
    const answer = await fetch(to + request.url, {
      headers: { authorization: request.headers.authorization ?? '' },
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
}

describe('rewrite: found through the server, without its database', () => {
  test('control: an untouched ledger verifies, with a checkpoint that was kept, while it grows', async () => {
    const house = await audited(size)
    const kept = await keptOf(house)
    await recorded(house.open, 3)
    await sealed(house.open)

    expect(await verified(house.url, [kept])).toMatchObject({
      size: size + 3,
      wrong: null,
      waited: [],
      steps: [1_024, size + 3],
    })
  })

  test('control: an erasure while it is read is none', async () => {
    const house = await audited(size)
    let reads = 0
    const through = await door(house.url, () => {
      reads += 1
      return null
    })
    const ledger = await servedLedger(
      auditorCalls({
        server: through,
        key: auditorKey,
        waits: () => undefined,
        wait: () => sealed(house.open),
      }),
    )
    const { rows } = await house.open.pool.query<{ id: string }>('SELECT entry_id AS id FROM entry_blobs')
    await house.open.store.commit(
      await erasureOf(
        house.open.store,
        rows.map(({ id }) => id),
      ),
    )

    const found = await verifyLedger(ledger, { kept: [], key: null, progress: () => undefined })

    expect(found).toEqual({ size, wrong: null })
    expect(reads).toBeGreaterThan(4)
  })

  const byIndex = (index: number) => `(SELECT entry_id FROM ledger_leaves WHERE index = ${index})`

  test.each([
    [
      'an entry was edited',
      [`UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(300)}`],
      { index: 300, what: 'An entry is not what was sealed.' },
    ],
    [
      'an entry was edited, and the hash of its leaf with it',
      [
        `UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(300)}`,
        `UPDATE ledger_leaves SET hash = sha256('\\x00'::bytea || convert_to((SELECT replace(text, ',"subject":{',
          ',"seq":300,"subject":{') FROM entries WHERE id = entry_id), 'UTF8')) WHERE index = 300`,
      ],
      { what: 'The hash over the entries 256 to 511 is not what those entries give.' },
    ],
    [
      'an entry was deleted',
      [`DELETE FROM entries WHERE id = ${byIndex(300)}`],
      { index: 300, what: 'An entry is gone.' },
    ],
    [
      'an entry was deleted with its leaf',
      [`DELETE FROM entries WHERE id = ${byIndex(1_050)}`, 'DELETE FROM ledger_leaves WHERE index = 1050'],
      { what: 'An index is missing from the tree.' },
    ],
    [
      'two entries changed places',
      [
        'CREATE TABLE places AS SELECT index, entry_id FROM ledger_leaves WHERE index IN (300, 301)',
        "UPDATE ledger_leaves SET entry_id = 'nobody' || index WHERE index IN (300, 301)",
        'UPDATE ledger_leaves AS leaf SET entry_id = places.entry_id FROM places WHERE places.index = 601 - leaf.index',
      ],
      { index: 300, what: 'An entry is not what was sealed.' },
    ],
    [
      'a hash of the tree was changed',
      [`UPDATE ledger_nodes SET hash = sha256('x') WHERE level = 1 AND index = 2`],
      { what: 'The hash over the entries 512 to 767 is not what those entries give.' },
    ],
    [
      'a value was emptied by whoever switched the triggers off',
      ['UPDATE entry_blobs SET salt = NULL, text = NULL'],
      { what: 'Values were emptied that no entry about an erasure or about retention accounts for.' },
    ],
    [
      'a value was changed',
      [`UPDATE entry_blobs SET text = 'no' WHERE text IS NOT NULL`],
      { index: size - 1, what: 'The value reason of an entry was changed.' },
    ],
  ])('%s', async (_, statements, wrong) => {
    const house = await audited(size)
    const kept = await keptOf(house)
    await tampered(house.open.pool, ...statements)

    const found = await verified(house.url, [kept])

    expect(found.wrong).toMatchObject(wrong)
  })

  test('the end was cut off, and the head put back to one that was signed once', async () => {
    const house = await audited(300)
    const { pool } = house.open
    await pool.query('CREATE TABLE before AS SELECT * FROM ledger_head')
    await recorded(house.open, 5)
    await sealed(house.open)
    const kept = await keptOf(house)

    await tampered(
      pool,
      'UPDATE ledger_head SET (size, root, checkpoint) = (SELECT size, root, checkpoint FROM before)',
      'DELETE FROM ledger_leaves WHERE index >= 300',
    )

    expect(await verified(house.url)).toMatchObject({ wrong: null })
    expect((await verified(house.url, [kept])).wrong?.what).toMatch(/^The ledger is shorter/)
  })
})

test('after a gap, a server is verified across it, and the gap is said with what of the kept checkpoints it explains', async () => {
  const house = await audited(6)
  const kept = await keptOf(house)
  const { before, anchored, resumed } = await wentOn(house.open, { shared: kept.checkpoint.size })
  await recorded(house.open, 2)
  await sealed(house.open)
  const heard: string[] = []
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((line) => heard.push(String(line)) > 0)

  const found = await verified(house.url, [kept, anchored])
  sayGaps(found)
  written.mockRestore()

  expect(found).toMatchObject({ wrong: null, lost: [anchored] })
  const text = stripVTControlCharacters(heard.join(''))
  expect(text).toContain(`at index ${resumed.index} the ledger went on as ${resumed.origin}`)
  expect(text).toContain(`vault had ${anchored.checkpoint.size} entries`)
  expect(text).toContain(`${anchored.from}: it was signed for`)
  const beyond = await verified(house.url, [foreign(before, anchored.checkpoint.size + 1)])
  expect(beyond.wrong?.what).toContain('the gap does not explain it')
})

describe('a server that is read', () => {
  test('may restart half-way: what was cut off is asked again, and it is said', async () => {
    const house = await audited(size)
    const cut = await door(house.url, (nth) => (nth % 3 === 0 ? 0 : nth % 5 === 0 ? 503 : null))

    const found = await verified(cut)

    expect(found).toMatchObject({ size, wrong: null })
    expect(found.waited).toEqual(
      expect.arrayContaining([expect.stringMatching(/cannot be reached/), expect.stringMatching(/503/)]),
    )
  })

  test('that never comes back is given up, after a while', async () => {
    const house = await audited(5)
    const gone = await door(house.url, (nth) => (nth > 3 ? 0 : null))

    await expect(verified(gone)).rejects.toMatchObject({ message: expect.stringContaining('two minutes') })
  })

  test('is not asked again when it refuses the key', async () => {
    const house = await audited(5)
    let asked = 0
    const counting = await door(house.url, () => {
      asked += 1
      return null
    })

    await expect(verified(counting, [], `${auditorKey.slice(0, -1)}x`)).rejects.toMatchObject({
      message: expect.stringContaining('401 unauthenticated'),
    })
    expect(asked).toBe(1)
  })

  test.each(['http://countersign.acme.test', 'ftp://127.0.0.1', 'countersign', 'http://127.0.0.1.acme.test'])(
    'gets no key at %s',
    (server) => {
      expect(() => auditorCalls({ server, key: auditorKey, waits: () => undefined })).toThrow(
        /not an https address/,
      )
    },
  )
})
