import type { Pool } from 'pg'
import { expect, test } from 'vitest'
import { emptiedRequest } from '../../src/approvals/erasure/parts.ts'
import type { Job } from '../../src/approvals/job.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { at, erasureOf, madeAccount, madeLine, madeRequest, newId, submission } from './made.ts'
import { madeDelivery, madeLease } from './madeGrants.ts'
import { openedToServe } from './opened.ts'
import { everything, word } from './requestWithWords.ts'

/**
 * What every column that can hold words has of a request, and what becomes of that when the request is erased. `goes`: nothing of it is
 * left. `stays`: names and ids that stand in the ledger itself, or what others said, as docs/audit.md#erasing has it. `never`: nothing of any
 * request stands there. A new column needs its place here.
 */
const columns: Readonly<Record<string, Partial<Record<'goes' | 'stays' | 'never', string>>>> = {
  action_requests: {
    goes: 'action digest digest_salt reason run verdict requirement decisions escalations broken_glass review outcome executions callback_url preview notes body_digest',
    stays:
      'id state effect agent_id agent initiator behind behind_people granted rolls_back revises narrows set_id set_card alike_card erased idempotency_key',
    // Gone since it was settled.
    never: 'ask',
  },
  agent_keys: { never: 'id agent_id secret_hash created_by status' },
  agents: { never: 'id name owner status limits tags' },
  anchor_turns: { never: 'anchor' },
  anchored_checkpoints: { never: 'anchor kind origin checkpoint evidence' },
  auditor_keys: { never: 'id person account secret_hash status follows' },
  begun_executions: { stays: 'request_id kind resource rolls_back' },
  budget_entries: { stays: 'key request_id' },
  budget_heads: { never: 'key amount' },
  cards: { stays: 'id request_id conversation status message spared' },
  crowd_cards: { never: 'id message shown' },
  open_homes: { never: 'id keeper' },
  channel_tokens: { never: 'id sealed failed holder' },
  confirmations: { stays: 'what', never: 'id subject asked shell via state' },
  cool_downs: { goes: 'digest', stays: 'agent_id request_id person' },
  delegations: { never: 'id delegation person delegate delegate_person ended_by' },
  deliveries: { stays: 'id' },
  entries: { stays: 'id type subject_kind subject_id request_id text' },
  entry_blobs: { goes: 'salt text', stays: 'entry_id name sha256_salted' },
  installation: { never: 'id kind secret_fingerprint' },
  leases: { goes: 'about', stays: 'id request_id issuer target state ending', never: 'sealed' },
  ledger_behind: { never: 'anchor checkpoint origin' },
  ledger_head: { never: 'origin root checkpoint' },
  ledger_keys: { never: 'id origin public_key sealed' },
  ledger_leaves: { stays: 'entry_id hash' },
  ledger_nodes: { never: 'hash' },
  linked_accounts: { never: 'id person name claimed_from joined parted' },
  mentions: { stays: 'account name agent_id' },
  on_call_links: { never: 'id account email other_email' },
  operator_keys: { never: 'id person account secret_hash status' },
  personal_tokens: { never: 'id person account secret_hash status' },
  policy_activations: { never: 'id files_digest' },
  policy_versions: { never: 'files_digest name files digest' },
  replicas: { never: 'id name policy' },
  request_people: { stays: 'person request_id' },
  resources: { never: 'id name audience secret_hash earlier status created_by' },
  seen_accounts: { never: 'id address other' },
  shadow_differences: { stays: 'examples', never: 'shadow_id key base kind' },
  shadow_replicas: { never: 'shadow_id replica name problem' },
  shadows: { never: 'id files_digest ended_why' },
  shown_proofs: { never: 'id' },
  signing_keys: { never: 'id status public_jwk sealed' },
  stops: { stays: 'scope reason', never: 'id by resumed' },
  stream_cursors: { never: 'name holder' },
  webhook_deliveries: { goes: 'last', stays: 'id webhook_id request_id event entry_id state' },
  webhooks: { never: 'id url events status sealed earlier' },
}

/** The same of what jobs carry, by their task. Those that only name things in the tables above carry no words. */
const jobs: Readonly<Record<Job['task'], 'goes' | 'never'>> = {
  command: 'goes',
  answer: 'goes',
  ...({
    activate: 'never',
    alarm: 'never',
    announce: 'never',
    attempts: 'never',
    cancel: 'never',
    claims: 'never',
    crowd: 'never',
    strayCrowd: 'never',
    confirm: 'never',
    delegation: 'never',
    correct: 'never',
    deliver: 'never',
    disowned: 'never',
    endLease: 'never',
    endLeases: 'never',
    endShadow: 'never',
    erase: 'never',
    escalate: 'never',
    expire: 'never',
    hold: 'never',
    keyEnd: 'never',
    keys: 'never',
    news: 'never',
    lapse: 'never',
    part: 'never',
    preview: 'never',
    propose: 'never',
    question: 'never',
    prune: 'never',
    refresh: 'never',
    remind: 'never',
    resume: 'never',
    retain: 'never',
    review: 'never',
    token: 'never',
    lookAtAccounts: 'never',
    accountAlarm: 'never',
    trouble: 'never',
    sweepTargets: 'never',
    unredeemed: 'never',
    unreported: 'never',
  } as const),
}

type Open = Awaited<ReturnType<typeof openedToServe>>

test('erasure: every column that can hold words has its place here', async () => {
  const { pool } = await openedToServe()

  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%s.%s', table_name, column_name) AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'function_sets')
       AND data_type NOT IN ('integer', 'bigint', 'boolean', 'timestamp with time zone')`,
  )

  const placed = Object.entries(columns).flatMap(([table, kinds]) =>
    Object.values(kinds).flatMap((names) => names.split(' ').map((name) => `${table}.${name}`)),
  )
  expect(placed.toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
})

async function everythingIn({ store }: Open): Promise<ActionRequest> {
  const steps = everything()
  const [asked, ...later] = steps
  const last = steps.at(-1)
  if (!asked || !last) throw new Error('there are steps')
  const { id } = asked
  expect(await store.commit(submission(asked))).toBe('applied')
  for (const next of later)
    expect(
      await store.commit({
        request: { expected: next.version - 1, next },
        entries: [madeLine({ request: id }, { reason: word('kept') })],
      }),
    ).toBe('applied')
  const account = 'slack:T0ACME:U0BOB'
  const attempt = { request: id, account, via: 'slack', card: null }
  await store.commit({
    accounts: [{ expected: null, next: madeAccount('per_bob', { id: account }) }],
    leases: [
      {
        expected: null,
        next: madeLease({ request: id, state: 'ended', endedAt: at, about: { role: word('lease') } }),
      },
    ],
    webhookDeliveries: [
      {
        expected: null,
        next: madeDelivery({ request: id, state: 'dead', endedAt: at, last: word('delivery') }),
      },
    ],
    coolDowns: [{ agent: asked.agent.id, digest: asked.digest, request: id, person: 'per_bob', at }],
    entries: [],
    jobs: [
      {
        task: 'command',
        request: id,
        command: {
          verb: 'escalate',
          attempt: { ...attempt, delivery: newId('clk'), reason: word('command') },
        },
      },
      {
        ...{ task: 'answer', request: id, to: account, delivery: newId('clk') },
        ending: {
          verb: 'approve',
          refused: { code: 'wrong_state', problems: [{ pointer: '/reason', detail: word('answer') }] },
        },
      },
    ],
  })
  return last
}

async function rowsOf(pool: Pool, table: string, column: string): Promise<readonly string[]> {
  const value =
    table === 'entry_blobs' && column === 'text' ? `convert_from(text, 'UTF8')` : `${column}::text`
  const { rows } = await pool.query<{ value: string | null }>(`SELECT ${value} AS value FROM ${table}`)
  return rows.flatMap(({ value: one }) => one ?? [])
}

test('erasure: what is said to go was there, and is gone from every column', async () => {
  const open = await openedToServe()
  const { store, pool } = open
  const request = await everythingIn(open)
  const places = [
    ...Object.entries(columns).flatMap(([table, { goes = '' }]) =>
      goes.split(' ').flatMap((column) => (column === '' ? [] : [[table, column] as const])),
    ),
    ['graphile_worker._private_jobs', 'payload'] as const,
  ]
  const held = new Map<string, readonly string[]>()
  for (const [table, column] of places) held.set(`${table}.${column}`, await rowsOf(pool, table, column))
  const wordsIn = (values: readonly string[]) => values.flatMap((value) => value.match(/word-in-\w+/g) ?? [])
  const told = new Set([...held.values()].flatMap(wordsIn))
  expect(told.size).toBe(new Set(JSON.stringify(everything()).match(/word-in-\w+/g)).size + 5)

  const entries = (await store.entries(request.id)).map(({ id }) => id)
  const next = (entry: string) => emptiedRequest(request, entry, at)
  const change = await erasureOf(store, entries, { entry: 'ent_erasure', requests: [next('ent_erasure')] })
  expect(await store.commit(change)).toBe('applied')

  for (const [table, column] of places) {
    const now = await rowsOf(pool, table, column)
    expect(wordsIn(now), `${table}.${column}`).toEqual([])
    const digests = /sha256:(?:c{64}|d{64}|e{64}|f{64})/
    expect(now.filter((value) => digests.test(value) || value === request.digest)).toEqual([])
    expect(now, `${table}.${column} had something to lose`).not.toEqual(held.get(`${table}.${column}`))
  }
  const { rows } = await pool.query<{ task: Job['task'] }>(
    'SELECT task_identifier AS task FROM graphile_worker.jobs',
  )
  expect(rows.length).toBeGreaterThan(0) // the control
  expect(rows.filter(({ task }) => jobs[task] !== 'never')).toEqual([])
})

test('erasure: of a person’s words in jobs those go that failed for good; others are done, and stay until then', async () => {
  const { store, pool } = await openedToServe()
  const asked = madeRequest()
  await store.commit(submission(asked))
  const accounts = ['per_bob', 'per_eve'].map((person) =>
    madeAccount(person, { id: `slack:T0ACME:${person}` }),
  )
  await store.commit({ accounts: accounts.map((next) => ({ expected: null, next })), entries: [] })
  for (const { id: account } of accounts)
    for (const how of ['dead', 'waiting']) {
      const reason = `${how} of ${account.split('_').at(-1)}`
      const attempt = { request: asked.id, account, via: 'slack', card: null, delivery: newId('clk'), reason }
      await store.commit({
        entries: [],
        jobs: [{ task: 'command', request: asked.id, command: { verb: 'escalate', attempt } }],
      })
    }
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE payload::text LIKE '%"dead of %'`,
  )

  const said = madeLine({ type: 'record.erased', request: null, subject: { kind: 'person', id: 'per_bob' } })
  await store.commit({ entries: [said], erasure: { entry: said.entry.id, requests: [], values: [] } })

  const left = await rowsOf(pool, 'graphile_worker._private_jobs', 'payload')
  expect(left.flatMap((payload) => payload.match(/(?:dead|waiting) of \w+/) ?? []).toSorted()).toEqual([
    'dead of eve',
    'waiting of bob',
    'waiting of eve',
  ])
})
