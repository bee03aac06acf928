import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/open.ts'
import { usualLimits } from '../../src/store/pool.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { heardHealth } from '../support/health.ts'
import { noLedger } from '../support/noLedger.ts'
import { relayTo } from '../support/relay.ts'
import { agesOf } from '../support/testClock.ts'
import { testWorld } from '../support/world.ts'
import {
  deleteBody,
  exportBody,
  idIn,
  nothingMeasured,
  type Reply,
  readBody,
  replyOf,
  signingSecret,
} from './house.ts'

/** The API on a real store, whose database is behind a relay; what does not answer is given up soon. */
async function openHouse() {
  const databaseUrl = await freshDatabase()
  const relay = await relayTo(databaseUrl)
  const limits = { ...usualLimits, silent: 1_500, connect: 3_000, goodbye: 300, probe: 300 }
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = pino({ level: 'info' }, sink)
  const heard = heardHealth()
  const open = await openStore({ databaseUrl: relay.url, log, limits, health: heard.health })
  onTestFinished(() => open.close())
  const world = await testWorld({ store: open.store })
  const fast = { perSecond: 10_000, burst: 10_000 }
  const server = await createServer({
    ledger: noLedger,
    ports: world.ports,
    log,
    baseUrl: 'https://countersign.test',
    signingSecret,
    mounts: [],
    operator: { token: null, metrics: nothingMeasured },
    conditions: async () => [],
    ages: agesOf(world.clock),
    limits: { submissions: fast, otherCalls: fast, waiting: 100 },
  })
  const { url } = await server.listen('127.0.0.1', 0)
  onTestFinished(() => server.close())
  const call = async (method: string, path: string, more: RequestInit = {}): Promise<Reply> => {
    const headers = { authorization: `Bearer ${world.agent.credential}`, ...more.headers }
    return replyOf(await fetch(url + path, { ...more, method, headers }))
  }
  const submit = (body: object, headers: Record<string, string> = {}) =>
    call('POST', '/v1/requests', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const sql = (text: string) => withClient(databaseUrl, (client) => client.query(text))
  /** What was said loudly, for a person to act. */
  const said = () =>
    lines.map((line) => JSON.parse(line)).flatMap(({ level, msg }) => (level >= 50 ? [String(msg)] : []))
  /** How often trouble was said to be over. */
  const over = () => lines.filter((line) => line.includes('the database can be used again')).length
  return { relay, call, submit, sql, heard, databaseUrl, said, over }
}

type House = Awaited<ReturnType<typeof openHouse>>

/** One call of each kind, at once. */
async function oneOfEach({ call, submit }: House, pending: string): Promise<readonly Reply[]> {
  return Promise.all([
    submit(exportBody),
    submit(readBody),
    submit(deleteBody),
    submit(exportBody, { 'idempotency-key': 'once' }),
    submit(readBody, { authorization: 'Bearer csk_00000000000000000000000000_nobody' }),
    submit(exportBody, { authorization: `Bearer csk_${'0'.repeat(26)}_${'a'.repeat(43)}` }),
    call('GET', `/v1/requests/${pending}`),
    call('GET', `/v1/requests/${pending}`, { headers: { prefer: 'wait=1' } }),
    call('GET', '/v1/requests/req_00000000000000000000000000'),
    call('POST', `/v1/requests/${pending}/cancel`, { headers: {} }),
    call('POST', '/v1/requests/req_00000000000000000000000000/cancel'),
  ])
}

/** Ten of each, in rounds, so that calls meet the trouble at every step. */
async function many(house: House, pending: string): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  for (let round = 0; round < 3; round += 1)
    replies.push(...(await Promise.all([1, 2, 3].map(() => oneOfEach(house, pending)))).flat())
  return replies
}

/** What is neither an answer nor the promise for when there is none. */
const broken = (replies: readonly Reply[]) =>
  replies.filter(({ status, body, headers }) => {
    if (status !== 503) return status >= 500
    const code = (body as { code?: string } | null)?.code
    return code !== 'store_unavailable' || !(Number(headers.get('retry-after')) >= 1)
  })

const isUnavailable = ({ status }: Reply) => status === 503

/** New sessions can only read, and those that exist are ended. */
async function beginReadOnly({ sql, databaseUrl }: House): Promise<void> {
  await sql(`ALTER DATABASE ${nameIn(databaseUrl)} SET default_transaction_read_only = on`)
  await sql(endSessions)
}

/** New sessions can write; those that exist still cannot. */
const endReadOnly = ({ databaseUrl }: House): Promise<unknown> =>
  withClient(databaseUrl, async (client) => {
    await client.query('SET default_transaction_read_only = off')
    await client.query(`ALTER DATABASE ${nameIn(databaseUrl)} RESET default_transaction_read_only`)
  })

const nameIn = (url: string) => new URL(url).pathname.slice(1)
const endSessions =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'

const failsWith = (state: string) => ({
  begin: `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '${state}'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON entries FOR EACH STATEMENT EXECUTE FUNCTION fail()`,
  end: 'DROP FUNCTION fail CASCADE',
})

const troubles: readonly [
  what: string,
  trouble: {
    readonly begin: (house: House) => unknown
    readonly end: (house: House) => unknown
    readonly reads: boolean
    readonly says: string
    readonly unfit?: true
  },
][] = [
  [
    'nothing takes connections',
    {
      begin: ({ relay }) => relay.refuse(),
      end: ({ relay }) => relay.recover(),
      reads: false,
      says: 'The database does not answer.',
    },
  ],
  [
    'everything is silent, old and new',
    {
      begin: ({ relay }) => relay.silence('newToo'),
      end: ({ relay }) => relay.recover(),
      reads: false,
      says: 'The database does not answer.',
    },
  ],
  [
    'every session can only read',
    {
      begin: beginReadOnly,
      end: endReadOnly,
      reads: true,
      says: 'The database takes no writes: it is read-only.',
      unfit: true,
    },
  ],
  [
    'the disk is full',
    {
      begin: ({ sql }) => sql(failsWith('53100').begin),
      end: ({ sql }) => sql(failsWith('53100').end),
      reads: true,
      says: 'The database server has no disk space or memory left.',
      unfit: true,
    },
  ],
  [
    'memory is full',
    {
      begin: ({ sql }) => sql(failsWith('53200').begin),
      end: ({ sql }) => sql(failsWith('53200').end),
      reads: true,
      says: 'The database server has no disk space or memory left.',
      unfit: true,
    },
  ],
  [
    'somebody holds the lock of the record',
    {
      begin: ({ sql }) => sql(failsWith('55P03').begin),
      end: ({ sql }) => sql(failsWith('55P03').end),
      reads: true,
      says: 'The database has no connection, lock or time left for us.',
    },
  ],
  [
    'rights were taken away',
    {
      begin: ({ sql }) => sql(failsWith('42501').begin),
      end: ({ sql }) => sql(failsWith('42501').end),
      reads: true,
      says: 'The database refuses us.',
    },
  ],
]

test.each(troubles)(
  'while %s, every answer is one, or 503 with the time to come again',
  async (_, trouble) => {
    const house = await openHouse()
    const pending = idIn(await house.submit(exportBody))
    await trouble.begin(house)

    const replies = await many(house, pending)

    expect(broken(replies)).toEqual([])
    expect(replies.filter(isUnavailable).length).toBeGreaterThan(0)
    // Without reading not even the key of a caller is known; without writing nothing that is asked is answered.
    if (!trouble.reads) expect(replies.filter(({ status }) => ![401, 503].includes(status))).toEqual([])
    expect(replies.filter(({ status }) => status === 201 || status === 202)).toEqual([])
    // Once, not for each call; on a very busy machine, where calls come seconds apart, it may seem over in between. That
    // something did not answer in time may be said there as well.
    const said = house.said().filter((one) => one === trouble.says).length
    expect(said).toBeGreaterThan(0)
    expect(said).toBeLessThanOrEqual(1 + house.over())
    if (trouble.unfit) expect(house.heard.now()).toEqual(['cannot_write'])
    await trouble.end(house)

    await expect.poll(async () => (await house.submit(exportBody)).status).toBe(202)
    expect(house.heard.now()).toEqual([])
  },
)

test('connections that are silent under load are given up, and calls succeed on new ones', async () => {
  const house = await openHouse()
  const pending = idIn(await house.submit(exportBody))
  await Promise.all(Array.from({ length: 20 }, () => house.call('GET', `/v1/requests/${pending}`)))
  house.relay.silence()

  const stuck = await many(house, pending)

  expect(broken(stuck)).toEqual([])
  expect(broken(await many(house, pending))).toEqual([])
  expect((await house.submit(exportBody)).status).toBe(202)
})

test('sessions that a server ended are replaced without a word to anybody, when they were at rest', async () => {
  const house = await openHouse()
  const pending = idIn(await house.submit(exportBody))
  await house.sql(endSessions)

  await expect.poll(async () => (await house.call('GET', `/v1/requests/${pending}`)).status).toBe(200)
  expect(broken(await many(house, pending))).toEqual([])
})

test('after a failover the sessions that can only read are given up, and whoever asks notices nothing', async () => {
  const house = await openHouse()
  await beginReadOnly(house)
  // Sessions are opened while the database can only be read; then it could be written again.
  await expect.poll(async () => (await house.call('GET', '/v1/requests/req_x')).status).toBe(404)
  await endReadOnly(house)

  const replies = await Promise.all(Array.from({ length: 10 }, () => house.submit(exportBody)))

  expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(202))
})

test('control: a bug of ours is 500, and says so', async () => {
  const house = await openHouse()
  await house.sql(failsWith('XX000').begin.replace('ON entries', 'ON action_requests'))

  expect(await house.submit(exportBody)).toMatchObject({ status: 500, body: { code: 'internal' } })
})

test('cannot-write: an entry that the database does not take is 500 with a code of its own, and nothing happened', async () => {
  const house = await openHouse()
  await house.sql(failsWith('22012').begin)
  const headers = { 'idempotency-key': 'once' }

  const reply = await house.submit(exportBody, headers)

  expect(reply).toMatchObject({ status: 500, body: { code: 'entry_unwritable' } })
  expect(reply.headers.get('retry-after')).toBeNull()
  expect(house.said()).toEqual(['an entry could not be written, so what it records did not happen'])
  // Control: nothing was kept of it, so when entries are taken again the same call makes the request.
  await house.sql(failsWith('22012').end)
  expect(await house.submit(exportBody, headers)).toMatchObject({ status: 202 })
})
