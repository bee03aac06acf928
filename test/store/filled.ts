import type { Store } from '../../src/approvals/ports.ts'
import { erasedRequest } from '../../src/core/erased.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { saltedDigest } from '../../src/ledger/entry.ts'
import { madeDelegation } from './contractDelegations.ts'
import { smashed } from './contractEmergencies.ts'
import { madeOnCallLink } from './contractOnCall.ts'
import {
  approval,
  at,
  erasureOf,
  madeAccount,
  madeAgent,
  madeAuditorKey,
  madeCard,
  madeConfirmation,
  madeKey,
  madeLine,
  madeNarrowed,
  madeNote,
  madeOperatorKey,
  madePersonalToken,
  madeRequest,
  newId,
  submission,
} from './made.ts'
import {
  madeDelivery,
  madeGrant,
  madeLease,
  madeResource,
  madeSigningKey,
  madeStop,
  madeWebhook,
  redemption,
} from './madeGrants.ts'
import { madeBatch, madeShadow, startMade } from './madeShadow.ts'
import { jobKeys, type opened } from './opened.ts'
import { beginning, sealed } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** A request that waits in every filled database, for who has to move one on. */
export const waiting = 'req_waiting'

const agent = madeAgent({
  id: 'agt_1',
  name: 'billing-agent',
  limits: { perSecond: 0.5, burst: 5, waiting: 10 },
  tags: ['team:data'],
})

const agentSubject = { kind: 'agent', id: agent.id } as const

const budgetKey = '["refunds_a_day","agent","agt_1"]'

/** Of an action that a budget counts. */
function countedRequest(): ActionRequest {
  const made = madeRequest({ id: 'req_counted', state: 'approved', settledAt: at, idempotencyKey: 'counted' })
  return { ...made, verdict: { ...made.verdict, counts: [{ key: budgetKey, amount: 500, of: 'allowed' }] } }
}

/** Writes something of everything that a database can hold, through the store. */
export async function fill({ store, ledger, feed, pool, installation }: Open): Promise<void> {
  await installation({ kind: 'sandbox', secretFingerprint: 'f1', newId: () => 'wsp_1' })
  await store.commit({ entries: [madeLine({ id: 'ent_first', request: null, subject: agentSubject })] })
  await sealed({ ledger }) // and what follows waits
  await feed.begin('siem', 'now')
  await store.beat({ id: 'rep_1', name: 'host (process 1)', policy: null })
  await store.commit({
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: madeKey(agent.id, { id: 'key_1' }) }],
    accounts: [{ expected: null, next: madeAccount('per_bob', { id: 'slack:T0ACME:U0BOB' }) }],
    entries: [],
  })
  await store.commit({
    confirmations: [{ expected: null, next: madeConfirmation(agent.id, { id: 'cnf_1' }) }],
    operatorKeys: [{ expected: null, next: madeOperatorKey({ id: 'opk_1' }) }],
    auditorKeys: [{ expected: null, next: madeAuditorKey({ id: 'adk_1' }) }],
    personalTokens: [{ expected: null, next: madePersonalToken({ id: 'ptk_1' }) }],
    entries: [],
  })
  await store.commit({ onCallLinks: [{ expected: null, next: madeOnCallLink }], entries: [] })
  await store.commit({ delegations: [{ expected: null, next: madeDelegation }], entries: [] })
  await fillGrants(store)
  await activatePolicies(store)
  await startMade(store, madeShadow({ id: 'shd_1' }))
  await store.addToShadow(madeBatch())
  const judged = { judgedBy: 'sha256:1' } as const
  const [settled, glass] = [madeRequest({ id: 'req_settled' }), madeRequest({ id: 'req_glass' })]
  const denied = madeRequest({ id: 'req_denied', state: 'denied', settledAt: at, salt })
  const through = madeRequest({ id: 'req_through', run: chain })
  const requests = [madeRequest({ id: waiting }), settled, glass, denied, through]
  for (const one of requests) await store.commit(submission(one, { ...judged, delivery: `asked ${one.id}` }))
  await fillAlike(store)
  const card = madeCard(waiting, { id: 'crd_1', status: 'posted', message: '1764.000100', shown: 1 })
  const mentions = [{ account: 'slack:U0BOB', name: 'crd_1', agent: agent.id, at }]
  const spared = { 'slack:S0DATA': ['slack:U0BOB'] }
  await store.commit({ cards: [{ expected: null, next: { ...card, spared } }], mentions, entries: [] })
  await store.commit({ entries: [madeLine({ type: 'decision.refused', request: waiting })] })
  await store.commit(approval(settled, { delivery: 'click' }))
  await store.commit(smashed(glass))
  await store.commit(submission(madeRequest(grantedRequest), judged))
  await store.commit(submission(previewed, judged))
  await store.commit({ request: { expected: 1, next: { ...previewed, version: 2, preview } }, entries: [] })
  await store.commit(submission(madeRequest(ranRequest), judged))
  await fillNotes(store)
  await fillNarrowing(store)
  const members = [{ expected: null, next: madeRequest(undoing) }]
  await store.commit(submission(madeRequest(inSet), { ...judged, members }))
  await store.commit(submission(countedRequest(), judged))
  const coolDown = {
    agent: agent.id,
    digest: 'sha256:d',
    request: 'req_denied',
    person: 'per_bob',
    at,
  } as const
  await store.commit({ coolDowns: [coolDown], entries: [] })
  await pool.query(
    `INSERT INTO channel_tokens (id, version, sealed, issued_at, expires_at, failed, tried_at)
     VALUES ('slack:T0ACME', 3, 'v1.sealed', $1, $1, 'http_503', $1)`,
    [at],
  )
  await store.noteSeen({
    expected: null,
    next: {
      id: 'slack:T0ACME:U0ALICE',
      version: 1,
      ...{ address: 'a1', active: true, other: null },
      doubted: false,
      dueAt: at,
    },
  })
  await store.keepCrowdCard({
    expected: null,
    next: { id: 'slack:C0FLOOD', version: 1, message: '1.5', shown: 'ab', next: at, reminded: true },
  })
  await pool.query(
    "INSERT INTO open_homes (id, opened_at, keeper, kept_until) VALUES ('U0BOB', $1, 'one', $1)",
    [at],
  )
  // What is read must not depend on the time.
  await pool.query("UPDATE replicas SET seen_at = seen_at - interval '1 day'")
  await pool.query('UPDATE shadow_replicas SET seen_at = $1', [at])
  const said = (await store.entries(denied.id)).map(({ id }) => id)
  const next = erasedRequest(denied, { at, entry: 'ent_erasure' }, saltedDigest(salt, denied.digest))
  await store.commit(
    await erasureOf(store, said, { entry: 'ent_erasure', requests: [{ expected: 1, next }] }),
  )
}

const chain = {
  session: 'run-8841',
  through: [
    { kind: 'agent', name: 'planner', agent: 'agt_9' },
    { kind: 'tool', name: 'export_csv' },
  ],
} as const

const salt = Buffer.alloc(16, 9).toString('base64')

const previewed = madeRequest({ id: 'req_previewed' })
const preview = { kind: 'made', target: 'warehouse', tables: ['public.users'], rows: 248_317, at } as const

const grantedRequest = {
  id: 'req_granted',
  state: 'approved',
  settledAt: at,
  grant: madeGrant('req_granted'),
  rollsBack: 'req_settled',
  callbackUrl: 'https://agents.acme.test/hooks',
} as const

/** An action and the rollback that was declared with it. */
const set = { id: 'set_1', card: 'req_in_set' }
const inSet = { id: 'req_in_set', set } as const
const undoing = { id: 'req_undoing', rollsBack: 'req_in_set', set } as const

/** It was redeemed and has not ended. */
const ranRequest = {
  id: 'req_ran',
  state: 'approved',
  settledAt: at,
  grant: { ...madeGrant('req_ran'), redeemed: redemption },
} as const

/** Two that ask the same, on one card. */
async function fillAlike(store: Store): Promise<void> {
  for (const id of ['req_alike_1', 'req_alike_2'])
    await store.commit(
      submission(madeRequest({ id, idempotencyKey: id }), { judgedBy: 'sha256:1', ask: 'sha256:ask' }),
    )
}

/** What was said about a request while it waited, and what was asked instead of it. */
async function fillNotes(store: Store): Promise<void> {
  const asked = madeRequest({ id: 'req_noted' })
  const revision = madeRequest({ id: 'req_revision', revises: asked.id, idempotencyKey: 'revision' })
  const noted = { ...asked, version: 2, notes: [madeNote] }
  await store.commit(submission(asked))
  await store.commit({ request: { expected: 1, next: noted }, entries: [] })
  const over = { version: 3, state: 'cancelled', outcome: 'Revised.', settledAt: at } as const
  const revised = { ...noted, ...over, revisedBy: revision.id }
  await store.commit(submission(revision, { members: [{ expected: 2, next: revised }] }))
}

/** What an approver lowered, and what was asked. */
async function fillNarrowing(store: Store): Promise<void> {
  const asked = madeRequest({ id: 'req_narrowed', idempotencyKey: 'narrowed' })
  const less = madeRequest({ id: 'req_less', narrows: asked.id, idempotencyKey: 'less' })
  await store.commit(submission(asked))
  const over = { version: 2, state: 'denied', outcome: 'Narrowed.', settledAt: at } as const
  await store.commit(
    submission(less, { members: [{ expected: 1, next: { ...asked, ...over, narrowed: madeNarrowed } }] }),
  )
}

/** What grants are signed with and redeemed by, and what follows them. */
async function fillGrants(store: Store): Promise<void> {
  await store.commit({
    signingKeys: [{ expected: null, next: madeSigningKey({ id: 'kid_1', status: 'active' }) }],
    resources: [{ expected: null, next: madeResource({ id: 'rsc_1', name: 'warehouse' }) }],
    stops: [{ expected: null, next: madeStop({ id: 'stp_1' }) }],
    webhooks: [{ expected: null, next: madeWebhook({ id: 'whk_1' }) }],
    webhookDeliveries: [{ expected: null, next: madeDelivery({ id: 'msg_1' }) }],
    leases: [{ expected: null, next: madeLease({ id: 'lse_1' }) }],
    entries: [],
  })
}

/** The active one, and one that was, each named by its digest as if nothing stood beside the bundle. */
async function activatePolicies(store: Store): Promise<void> {
  for (const [digit, before] of [
    ['2', null],
    ['1', 'sha256:2'],
  ] as const) {
    const version = {
      digest: `sha256:${digit}`,
      filesDigest: `sha256:${digit}`,
      name: digit,
      files: { a: 'nul \u0000, é' },
    } as const
    const policy = { version, activation: newId('act'), expected: before, at }
    const subject = { kind: 'policy', id: version.digest } as const
    const line = madeLine({ type: 'policy.activated', request: null, subject })
    await store.commit({ policy, entries: [line] })
  }
}

/** Everything that can be read, as plain JSON. */
export async function readAll(open: Open): Promise<Record<string, unknown>> {
  const { store } = open
  const requests = await store.requests({ limit: 50 })
  const all = {
    requests,
    byKey: await Promise.all(requests.map((one) => store.requestByKey(one.agent.id, one.idempotencyKey))),
    behind: await store.requestsBehind(['per_alice'], { limit: 50 }),
    alike: await store.alikeOn('req_alike_1'),
    cards: await store.cards(waiting),
    called: await store.mostCalled('2026-11-01T00:00:00.000Z', 10),
    agents: await store.agents(),
    keys: await store.keysOf(agent.id),
    accounts: await store.accountsOf('per_bob'),
    coolDown: await store.coolDown(agent.id, 'sha256:d'),
    budgets: await store.budgetNumbers([{ key: budgetKey, since: '2026-11-24T00:00:00.000Z', except: null }]),
    confirmations: await store.confirmationsAbout(agent.id),
    operatorKeys: await store.operatorKeys(),
    auditorKeys: await store.auditorKeys({ limit: 10 }),
    personalTokens: await store.personalTokens({ limit: 10 }),
    signingKeys: await store.signingKeys(),
    resources: await store.resources(),
    stops: await store.standingStops(),
    shadow: await store.runningShadow(),
    shadowFound: await store.shadowRecord('shd_1'),
    webhooks: await store.webhooks(),
    webhookDeliveries: await store.webhookDeliveries({ limit: 10 }),
    channelTokens: (await open.pool.query('SELECT id, version, failed FROM channel_tokens')).rows,
    seenAccounts: await store.seenWith('a1', 'nobody'),
    crowdCard: await store.crowdCard('slack:C0FLOOD'),
    openHomes: (await open.pool.query('SELECT id, keeper FROM open_homes')).rows,
    leases: await store.leases({ limit: 10 }),
    onCallLinks: await store.onCallLinks(),
    delegations: await store.standingDelegations(new Date(at)),
    rollbacks: await store.rollbacksOf(['req_settled', 'req_in_set']),
    begun: await store.begunSince({
      first: 'req_none',
      resource: { type: 'table', id: 'warehouse.users' },
    }),
    activePolicy: await store.activePolicy(),
    policyVersion: await store.policyVersion('sha256:2'),
    policyEntries: await store.policyEntries(10),
    entries: await Promise.all(requests.map(({ id }) => store.entries(id))),
    refusals: await store.refusals(at),
    replicas: await store.replicas(),
    jobs: await jobKeys(open),
    ledger: (await beginning(open)).head,
  }
  return JSON.parse(JSON.stringify(all))
}
