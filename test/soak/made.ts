import type {
  AskRecord,
  CardRow,
  Click,
  EntryRow,
  Evidence,
  Heard,
  JobRow,
  MessageSeen,
  RequestRow,
  Sample,
  ServerLife,
} from '../../bench/soak/evidence.ts'

/** The moment at which the made-up load began. */
export const began = 1_800_000_000_000

const minute = 60_000

/** A load that is long enough to see growth in it. */
const load = 5 * minute

export const heard = (change: Partial<Heard> = {}): Heard => ({
  at: began + 1_000,
  call: 'ask',
  replica: 'a',
  status: 201,
  id: 'req_1',
  state: 'approved',
  code: null,
  retryAfter: false,
  wantsChanges: false,
  ...change,
})

export const promise = (change: Partial<AskRecord> = {}): AskRecord => ({
  agent: 'agt_1',
  key: 'soak-1',
  kind: 'release',
  behind: ['U0LEE', 'U0ALICE', 'U0OMAR'],
  heard: [heard({ status: 202, state: 'pending' }), heard({ at: began + 9_000, call: 'look', status: 200 })],
  ...change,
})

export const click = (change: Partial<Click> = {}): Click => ({
  by: 'U0SAM',
  request: 'req_1',
  conversation: 'C0DEPLOYS',
  ts: '1.1',
  deed: 'approve',
  how: 'approve',
  sentAt: began + 5_000,
  delivery: 'slack:t1',
  acked: 'acked',
  told: [],
  fast: false,
  ...change,
})

export const request = (change: Partial<RequestRow> = {}): RequestRow => ({
  id: 'req_1',
  version: 2,
  state: 'approved',
  agent: 'agt_1',
  key: 'soak-1',
  action: 'soak.release',
  behind: [
    { person: 'per_alice', role: 'initiator' },
    { person: 'per_lee', role: 'agent_owner' },
  ],
  decisions: [
    {
      person: 'per_sam',
      account: 'slack:T0ACME:U0SAM',
      kind: 'approve',
      legs: ['release'],
      at: began + 5_000,
    },
  ],
  escalations: 0,
  revises: null,
  legs: [{ name: 'release', count: 1 }],
  conversations: ['C0DEPLOYS'],
  verdict: 'require_approval',
  createdAt: began + 1_000,
  expiresAt: began + 60 * minute,
  settledAt: began + 5_000,
  ...change,
})

export const entry = (change: Partial<EntryRow> = {}): EntryRow => ({
  id: 'ent_1',
  type: 'request.submitted',
  request: 'req_1',
  actor: 'agt_1',
  delivery: null,
  kind: null,
  card: null,
  at: began + 1_000,
  ...change,
})

export const card = (change: Partial<CardRow> = {}): CardRow => ({
  id: 'crd_1',
  request: 'req_1',
  conversation: 'C0DEPLOYS',
  status: 'posted',
  message: '1.1',
  ...change,
})

export const message = (change: Partial<MessageSeen> = {}): MessageSeen => ({
  conversation: 'C0DEPLOYS',
  ts: '1.1',
  thread: null,
  text: 'Approved: soak.release on thing alice.1 in prod',
  deleted: false,
  buttons: [],
  ...change,
})

export const job = (change: Partial<JobRow> = {}): JobRow => ({
  id: '1',
  key: 'expire:req_2',
  task: 'expire',
  attempts: 0,
  maxAttempts: 25,
  lockedBy: null,
  due: false,
  settled: false,
  error: null,
  ...change,
})

export const life = (change: Partial<ServerLife> = {}): ServerLife => ({
  replica: 'a',
  pid: 11,
  startedAt: began - 9_000,
  readyAt: began - 5_000,
  ended: null,
  said: [],
  ...change,
})

export const sample = (change: Partial<Sample> = {}): Sample => ({
  askedAt: change.at ?? began,
  at: began,
  replica: 'a',
  pid: 11,
  residentMb: 200,
  handles: 40,
  connections: 30,
  unsealedSeconds: 0.4,
  jobs: 10,
  ready: 200,
  ...change,
})

/** A request that a person approved, one that waits, one that policy allowed, and a storm that did no harm. */
export function calm(): Evidence {
  const buttons = [{ action: 'approve', request: 'req_2', card: 'crd_2' }]
  return {
    promises: [
      promise(),
      promise({
        key: 'soak-2',
        heard: [heard({ id: 'req_2', status: 202, state: 'pending' })],
      }),
      promise({ key: 'soak-3', kind: 'allowed', heard: [heard({ id: 'req_3' })] }),
      promise({ key: 'soak-4', kind: 'denied', heard: [heard({ id: 'req_4', state: 'denied' })] }),
    ],
    clicks: [click()],
    requests: [
      request(),
      request({
        ...{ id: 'req_2', key: 'soak-2', version: 1, state: 'pending', decisions: [], settledAt: null },
      }),
      alone('req_3', 'soak-3', 'allow'),
      alone('req_4', 'soak-4', 'deny'),
    ],
    entries: [
      entry(),
      entry({ id: 'ent_2', type: 'card.posted', actor: 'announce', card: 'crd_1' }),
      entry({
        ...{ id: 'ent_3', type: 'decision.made', actor: 'per_sam', delivery: 'slack:t1', kind: 'approve' },
        ...{ card: 'crd_1', at: began + 5_000 },
      }),
      entry({ id: 'ent_4', type: 'request.approved', actor: 'per_sam' }),
      entry({ id: 'ent_5', request: 'req_2' }),
      entry({ id: 'ent_6', request: 'req_2', type: 'card.posted', card: 'crd_2' }),
      entry({ id: 'ent_7', request: 'req_3' }),
      entry({ id: 'ent_8', request: 'req_3', type: 'request.approved' }),
      entry({ id: 'ent_9', request: 'req_4' }),
      entry({ id: 'ent_10', request: 'req_4', type: 'request.denied' }),
    ],
    ledger: { size: 10, wrong: null, anchored: 3, waiting: 0 },
    cards: [card(), card({ id: 'crd_2', request: 'req_2', message: '1.2' })],
    deliveries: ['slack:t1'],
    jobs: [job()],
    links: [{ account: 'slack:T0ACME:U0SAM', person: 'per_sam' }],
    messages: [
      message(),
      message({ ts: '1.2', text: 'Approval needed: soak.release on thing alice.2 in prod', buttons }),
      message({ ts: '1.3', thread: '1.1', text: 'Sam agreed for release.' }),
    ],
    servers: [life()],
    samples: Array.from({ length: 20 }, (_, n) => sample({ at: began + (n * load) / 20 })),
    trouble: [
      { what: 'database', kind: 'database fast', from: began + 20_000, to: began + 22_000 },
      { what: 'server', kind: 'kill', from: began + 30_000, to: began + 33_000 },
    ],
    ownFaults: [],
    loadBegan: began,
    loadEnded: began + load,
    atTheEnd: ['a', 'b'].map((replica) => ({ replica, ready: '200 ready', asked: '201 approved' })),
  }
}

/** What policy settled by itself. */
function alone(id: string, key: string, verdict: 'allow' | 'deny'): RequestRow {
  return request({
    ...{ id, key, verdict, version: 1, state: verdict === 'allow' ? 'approved' : 'denied', decisions: [] },
    ...{ legs: null, conversations: [], expiresAt: null },
  })
}
