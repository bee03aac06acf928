import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { memberAt } from '../server/member.ts'
import { agentWith, exportBody } from '../server/serve.ts'
import { runCli } from '../support/cliProcess.ts'
import { withClient } from '../support/database.ts'
import { patience } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

const soon = { timeout: patience }
const security = 'C0SECURITY'

/** A database that outlives the servers that are killed on it, and the built commands beside them. */
async function place() {
  const data = temporaryDataDir()
  mkdirSync(data.path)
  chmodSync(data.path, 0o711)
  const database = await startEmbedded({
    dataDir: join(data.path, 'database'),
    log: pino({ level: 'silent' }),
  })
  const servers: ServerProcess[] = []
  onTestFinished(async () => {
    for (const server of servers) await server.stop()
    await database.stop()
    data.remove()
  })
  const environment = {
    ...{ DATABASE_URL: database.url, MIGRATE_DATABASE_URL: database.migrateUrl },
    ...{ DATA_DIR: join(data.path, 'server'), NO_COLOR: '1' },
  }
  const ask = async <T extends object>(sql: string, values: readonly unknown[] = []) =>
    (await withClient(database.migrateUrl, (client) => client.query<T>(sql, [...values]))).rows
  return {
    database,
    ask,
    cli: (...words: readonly string[]) => runCli(environment, 'audit', ...words),
    start: async () => {
      const server = startServerProcess({ PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...environment })
      servers.push(server)
      const url = await server.url
      return { server, url, member: (id: string) => memberAt(`${url}/sandbox/`, id) }
    },
    agent: () => {
      const [first] = JSON.parse(readFileSync(join(environment.DATA_DIR, 'sandbox-agents.json'), 'utf8'))
      return agentWith(first.key)
    },
    /** How much is left of what a request asked. */
    left: async (id: string) => {
      const [row] = await ask<{ values: number; params: boolean; said: number }>(
        `SELECT (SELECT count(*)::integer FROM entry_blobs b JOIN entries e ON e.id = b.entry_id
             WHERE e.request_id = $1 AND b.text IS NOT NULL) AS values,
           (SELECT action::text LIKE '%acme-lake-in%' FROM action_requests WHERE id = $1) AS params,
           (SELECT count(*)::integer FROM entries WHERE type = 'record.erased') AS said`,
        [id],
      )
      return row
    },
  }
}

type Place = Awaited<ReturnType<typeof place>>

const erase = (id: string) => [
  ...['erase', '--request', id, '--by', 'grace@acme.test'],
  ...['--reason', 'Privacy case 117', '--update-cards'],
]

/** Asked for by two commands at the same moment, confirmed by Grace; resolves to the requests that are to be approved. */
async function askedTwice(at: Place, id: string, served: Awaited<ReturnType<Place['start']>>) {
  const both = await Promise.all([at.cli(...erase(id)), at.cli(...erase(id))])
  for (const { code, out } of both) {
    expect(out).toMatch(/values beside the ledger .* are to be erased, for good/)
    expect(out).toMatch(/the message https:\/\/slack\.com\/archives\/C0DATA\/p\d+: the card is drawn again/)
    expect(out).toContain('Nothing is erased yet, and nobody else is asked yet.')
    expect(code).toBe(0)
  }
  const asked = async () =>
    (
      await at.ask<{ id: string }>(
        `SELECT id FROM action_requests WHERE action ->> 'action' = 'record.erase' ORDER BY id`,
      )
    ).map((row) => row.id)
  const confirmations = await at.ask("SELECT FROM confirmations WHERE what ->> 'kind' = 'erase'")
  for (let nth = 0; nth < confirmations.length; nth += 1) await served.member('U0GRACE').confirm()
  await expect.poll(async () => (await asked()).length, soon).toBe(confirmations.length)
  return asked()
}

test.each([
  ['is lost', (pid: number) => `SELECT pg_terminate_backend(${pid})`],
  ['takes effect', () => 'SELECT 1'],
])(
  'erasure: killed while its commit is on the way, which %s, all of it goes after the next start, once',
  async (_, fate) => {
    const at = await place()
    const first = await at.start()
    const { id } = await at.agent().ask(first.url, exportBody)
    // In both channels of the sandbox.
    await expect.poll(() => at.ask("SELECT FROM cards WHERE status = 'posted'"), soon).toHaveLength(2)
    await at.agent().cancel(first.url, id)
    const [asked = '', ...more] = await askedTwice(at, id, first)
    const before = await at.left(id)
    expect(before).toMatchObject({ params: true, said: 0 })

    await withClient(at.database.migrateUrl, async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT FROM action_requests WHERE id = $1 FOR UPDATE', [id])
      await first.member('U0PRIYA').press(security, 'approve', asked)
      const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%countersign_commit%' AND pid IN
      (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)`
      await expect.poll(() => at.ask(waiting), soon).toHaveLength(1)
      const [held] = await at.ask<{ pid: number }>(waiting)
      await first.server.stop('SIGKILL')
      expect(await at.left(id)).toEqual(before)
      await client.query(fate(held?.pid ?? 0))
      await client.query('ROLLBACK')
    })

    const second = await at.start()
    await expect.poll(() => at.left(id), soon).toEqual({ values: 0, params: false, said: 1 })
    for (const other of more) await second.member('U0PRIYA').press(security, 'approve', other)
    const refused = () => at.ask(`SELECT FROM entries WHERE type = 'erasure.refused'`)
    await expect.poll(refused, soon).toHaveLength(more.length)
    const card = async () => JSON.stringify(await second.member('U0PRIYA').cards('C0DATA'))
    await expect.poll(card, soon).toContain('*Erased* from the record')
    expect(await card()).not.toContain('acme-lake-in')

    const again = await at.cli(...erase(id))
    expect(again.out).toMatch(new RegExp(`^${id} was erased at .* nothing is left to erase\\.$`, 'm'))
    expect(again.out).toMatch(/archives\/C0DATA\/p\d+: was drawn again without it/)
    expect(again.code).toBe(0)
    expect(await at.left(id)).toEqual({ values: 0, params: false, said: 1 })
    expect(await at.cli('verify')).toMatchObject({ code: 0 })
  },
)
