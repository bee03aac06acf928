import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { openStore } from '../../src/store/open.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { madeLine, madeRequest, submission } from './made.ts'
import { jobKeys } from './opened.ts'

/** A store whose log can be read, and its database past it. */
async function opened() {
  const databaseUrl = await freshDatabase()
  const lines: string[] = []
  const log = pino({ level: 'info', base: {} }, { write: (line) => void lines.push(line) })
  const open = await openStore({ databaseUrl, log })
  onTestFinished(() => open.close())
  const sql = (text: string) => withClient(databaseUrl, (client) => client.query(text))
  const loud = () => lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
  return { ...open, sql, lines, loud }
}

/** A trigger that refuses rows, as an operator's own or a damaged index would. */
const refusing = (table: string, state: string, when = 'true') => `
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '${state}'; END $$;
  CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refuse()`
const secret = 'wire 4,711 to Mallory'
const asked = () => {
  const request = madeRequest()
  const line = madeLine({ request: request.id }, { params: JSON.stringify({ note: secret }) })
  return { request, change: submission(request, { entries: [line] }) }
}
const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : null)

const only = (id: string) => `NEW.request_id = '${id}'`

describe('cannot-write: an entry that the database does not take', () => {
  test.each([
    ['the entry, by a trigger', refusing('entries', '22012')],
    ['the entry, by a constraint', `ALTER TABLE entries ADD CHECK (type <> 'request.submitted')`],
    ['a value beside it, by a trigger', refusing('entry_blobs', 'P0001')],
    ['a value beside it, by a constraint', 'ALTER TABLE entry_blobs ADD CHECK (bytes < 2)'],
  ])('%s: nothing of the change happens, and it has a code of its own', async (_, refuse) => {
    const open = await opened()
    const { request, change } = asked()
    await open.sql(refuse)

    expect(await open.store.commit(change).catch(codeOf)).toBe('entry_unwritable')

    expect(await open.store.request(request.id)).toBeNull()
    expect(await jobKeys(open)).toEqual([])
    expect(open.loud()).toMatchObject([
      {
        requestId: request.id,
        entries: ['request.submitted'],
        msg: 'an entry could not be written, so what it records did not happen',
      },
    ])
    expect(open.lines.join()).not.toContain(secret)
  })

  test('its neighbours in the same batch are written', async () => {
    const { store, sql } = await opened()
    const all = Array.from({ length: 20 }, asked)
    await sql(refusing('entries', '22012', only(all[7]?.request.id ?? '')))

    const outcomes = await Promise.all(all.map(({ change }) => store.commit(change).catch(codeOf)))

    expect(outcomes).toEqual(all.map((_, n) => (n === 7 ? 'entry_unwritable' : 'applied')))
  })

  test('control: when it is taken again, the same change happens', async () => {
    const { store, sql } = await opened()
    const { change } = asked()
    await sql(refusing('entries', '22012'))
    expect(await store.commit(change).catch(codeOf)).toBe('entry_unwritable')
    await sql('DROP FUNCTION refuse CASCADE')

    expect(await store.commit(change)).toBe('applied')
  })
})

describe('whatever it is that the database does not take', () => {
  test('so is what belongs to the entry: the change is refused whole, and no value is said', async () => {
    const { store, sql, lines } = await opened()
    await sql(`ALTER TABLE action_requests ADD CHECK (reason IS NULL)`)

    expect(await store.commit(asked().change).catch(codeOf)).toBe('entry_unwritable')
    expect(lines.join()).not.toContain('churn')
  })

  test('a database in trouble is unavailable, whichever table met it', async () => {
    const { store, sql } = await opened()
    await sql(refusing('entries', '53100'))

    await expect(store.commit(asked().change)).rejects.toBeInstanceOf(StoreUnavailable)
  })
})

test('an entry that is too large for a leaf is said as loudly, before anything is sent', async () => {
  const { store, loud } = await opened()
  const request = madeRequest()
  const tooLarge = madeLine({ request: request.id, data: { text: 'x'.repeat(70_000) } })

  const outcome = await store.commit(submission(request, { entries: [tooLarge] })).catch(codeOf)

  expect(outcome).toBe('entry_unwritable')
  expect(loud()).toMatchObject([{ requestId: request.id, detail: expect.stringContaining('too large') }])
})
