import { describe, expect, onTestFinished, test } from 'vitest'
import type { Change, Store } from '../../src/approvals/ports.ts'
import { keepsEmergencies } from './contractEmergencies.ts'
import {
  approval,
  approved,
  madeAccount,
  madeAgent,
  madeCard,
  madeKey,
  madeLine,
  madeRequest,
  newId,
  submission,
} from './made.ts'

/** A store and what a test may see beyond the port. */
export interface Subject {
  readonly store: Store
  /** Keys of the jobs that wait. */
  readonly jobKeys: () => Promise<readonly string[]>
}

/** Every promise of the `Store` port. Each implementation runs it. */
export function storeContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name} keeps the promises of the store port`, () => {
    describe('commit', () => {
      commitIsAtomic(open)
      commitComparesVersions(open)
      commitRefusesWhatExists(open)
    })
    describe('reads', () => readsReturnWhatWasWritten(open))
    describe('emergencies', () => keepsEmergencies(open))
    describe('requests are listed', () => listsRequests(open))
    describe('watchers', () => watchersWake(open))
  })
}

function commitIsAtomic(open: () => Promise<Subject>): void {
  test('writes the request, its entries and its jobs together', async () => {
    const { store, jobKeys } = await open()
    const request = madeRequest()

    expect(await store.commit(submission(request))).toBe('applied')

    expect(await store.request(request.id)).toEqual(request)
    expect(await store.entries(request.id)).toHaveLength(1)
    expect(await jobKeys()).toEqual([`announce:${request.id}`, `expire:${request.id}`])
  })

  test('drops the jobs that are no longer wanted, and no others', async () => {
    const { store, jobKeys } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    await store.commit(submission(request))
    await store.commit(submission(other))

    await store.commit(
      approval(request, { dropJobs: [`expire:${request.id}`, `announce:${request.id}`, 'expire:none'] }),
    )

    expect(await jobKeys()).toEqual([`announce:${other.id}`, `expire:${other.id}`, `refresh:${request.id}`])
  })

  test('replaces a waiting job that has the same key', async () => {
    const { store, jobKeys } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    await store.commit({ lines: [], jobs: [{ task: 'announce', request: request.id }] })

    expect(await jobKeys()).toEqual([`announce:${request.id}`, `expire:${request.id}`])
  })

  test('a conflict writes nothing of its change', async () => {
    const { store, jobKeys } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    const [card, agent, late] = [madeCard(request.id), madeAgent(), madeLine({ request: request.id })]

    const outcome = await store.commit({
      request: { expected: 7, next: { ...approved(request), version: 8 } },
      cards: [{ expected: null, next: card }],
      agents: [{ expected: null, next: agent }],
      lines: [late],
      jobs: [{ task: 'refresh', request: request.id }],
      dropJobs: [`expire:${request.id}`],
      delivery: 'click 1',
    })

    expect(outcome).toBe('conflict')
    expect(await store.request(request.id)).toEqual(request)
    expect(await store.card(card.id)).toBeNull()
    expect(await store.agent(agent.id)).toBeNull()
    expect(await store.entries(request.id)).toHaveLength(1)
    expect(await jobKeys()).toEqual([`announce:${request.id}`, `expire:${request.id}`])
    expect(await store.commit(approval(request, { delivery: 'click 1' }))).toBe('applied')
  })

  test('an entry that cannot be written prevents the change', async () => {
    const { store, jobKeys } = await open()
    const request = madeRequest()
    const tooLarge = madeLine({ request: request.id, data: { text: 'x'.repeat(70_000) } })

    await expect(store.commit(submission(request, { lines: [tooLarge] }))).rejects.toThrow(/too large/)

    expect(await store.request(request.id)).toBeNull()
    expect(await jobKeys()).toEqual([])
  })
}

function commitComparesVersions(open: () => Promise<Subject>): void {
  test('of two changes that expect the same version, one is applied', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    const outcomes = await Promise.all([store.commit(approval(request)), store.commit(approval(request))])

    expect(outcomes.toSorted()).toEqual(['applied', 'conflict'])
    expect(await store.request(request.id)).toMatchObject({ version: 2, state: 'approved' })
    expect(await store.entries(request.id)).toHaveLength(2)
  })

  test('a change to something that does not exist is a conflict', async () => {
    const { store } = await open()

    expect(await store.commit(approval(madeRequest()))).toBe('conflict')
  })

  test('a move that the lifecycle does not have is refused', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    const leap = { ...approved(request), state: 'succeeded' } as const
    await expect(store.commit({ request: { expected: 1, next: leap }, lines: [] })).rejects.toThrow()

    expect(await store.request(request.id)).toEqual(request)
  })

  test('a version that does not follow the expected one is refused', async () => {
    const { store } = await open()
    const request = madeRequest({ version: 5 })

    await expect(store.commit(submission(request))).rejects.toThrow(/version/)
  })

  test.each(['cards', 'agents', 'keys', 'accounts'] as const)('%s are compared too', async (kind) => {
    const { store } = await open()
    const record = {
      cards: madeCard('req_1'),
      agents: madeAgent(),
      keys: madeKey('agt_1'),
      accounts: madeAccount('per_1'),
    }[kind]
    const insert: Change = { [kind]: [{ expected: null, next: record }], lines: [] }
    const change: Change = { [kind]: [{ expected: 1, next: { ...record, version: 2 } }], lines: [] }

    expect(await store.commit(change)).toBe('conflict')
    expect(await store.commit(insert)).toBe('applied')
    expect(await store.commit(insert)).toBe('conflict')
    expect(await store.commit(change)).toBe('applied')
    expect(await store.commit(change)).toBe('conflict')
  })
}

function commitRefusesWhatExists(open: () => Promise<Subject>): void {
  test('an idempotency key belongs to one request of an agent', async () => {
    const { store } = await open()
    const first = madeRequest({ idempotencyKey: 'retry-1' })
    await store.commit(submission(first))

    expect(await store.commit(submission(madeRequest({ idempotencyKey: 'retry-1' })))).toBe('conflict')

    const stranger = madeRequest({ idempotencyKey: 'retry-1', agent: { ...first.agent, id: 'agt_2' } })
    expect(await store.commit(submission(stranger))).toBe('applied')
    expect(await store.requestByKey('agt_1', 'retry-1')).toEqual(first)
    expect(await store.requestByKey('agt_2', 'retry-1')).toEqual(stranger)
    expect(await store.requestByKey('agt_3', 'retry-1')).toBeNull()
  })

  test('the name of an agent is never given twice, not even after it was revoked', async () => {
    const { store } = await open()
    const agent = madeAgent()
    await store.commit({ agents: [{ expected: null, next: agent }], lines: [] })
    await store.commit({
      agents: [{ expected: 1, next: { ...agent, version: 2, status: 'revoked' } }],
      lines: [],
    })

    const again = await store.commit({
      agents: [{ expected: null, next: madeAgent({ name: agent.name }) }],
      lines: [],
    })

    expect(again).toBe('conflict')
  })

  test('the same delivery takes effect once', async () => {
    const { store } = await open()
    const request = madeRequest()

    expect(await store.commit(submission(request, { delivery: 'click 1' }))).toBe('applied')
    expect(await store.commit(submission(madeRequest(), { delivery: 'click 1' }))).toBe('duplicate')
    // A duplicate is told apart from the conflict that it usually also is.
    expect(await store.commit(submission(request, { delivery: 'click 1' }))).toBe('duplicate')

    expect(await store.requests({ limit: 10 })).toEqual([request])
  })

  test('of one delivery that arrives many times at once, one takes effect', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    const click = () => store.commit({ lines: [madeLine({ request: request.id })], delivery: 'click 1' })
    const outcomes = await Promise.all(Array.from({ length: 20 }, click))

    expect(outcomes.filter((one) => one === 'applied')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'duplicate')).toHaveLength(19)
    expect(await store.entries(request.id)).toHaveLength(2)
  })

  test('an entry is written once', async () => {
    const { store } = await open()
    const line = madeLine({ request: 'req_1' })
    await store.commit({ lines: [line] })

    expect(await store.commit({ lines: [line] })).toBe('conflict')
    expect(await store.entries('req_1')).toEqual([line.entry])
  })
}

function readsReturnWhatWasWritten(open: () => Promise<Subject>): void {
  test('nothing is null or empty', async () => {
    const { store } = await open()

    const found = [
      store.request('x'),
      store.card('x'),
      store.cardAt('x', '1'),
      store.agent('x'),
      store.key('x'),
    ]
    expect(await Promise.all([...found, store.account('x'), store.activePolicy()])).toEqual(
      Array(7).fill(null),
    )
    const lists = [
      store.entries('x'),
      store.cards('x'),
      store.keysOf('x'),
      store.accounts(['x']),
      store.accountsOf('x'),
    ]
    expect(await Promise.all([...lists, store.agents()])).toEqual(Array(6).fill([]))
  })

  test('a settled request comes back exactly, whatever its texts hold', async () => {
    const { store } = await open()
    const request = madeRequest({ requirement: null, run: null, reason: null, effect: null, expiresAt: null })
    await store.commit(submission(request, { jobs: [] }))
    await store.commit(approval(request))

    expect(await store.request(request.id)).toEqual(approved(request))
  })

  test('entries of a request come in the order in which they were committed', async () => {
    const { store } = await open()
    const lines = Array.from({ length: 6 }, () => madeLine({ request: 'req_1' }))
    await store.commit({ lines: lines.slice(0, 3).toReversed() })
    await store.commit({ lines: [madeLine({ request: 'req_2' }), ...lines.slice(3)] })

    const ids = (await store.entries('req_1')).map((entry) => entry.id)

    expect(ids).toEqual([...lines.slice(0, 3).toReversed(), ...lines.slice(3)].map((line) => line.entry.id))
    expect((await store.entries('req_1'))[0]).toEqual(lines[2]?.entry)
  })

  test('cards are found by id, by request and by message', async () => {
    const { store } = await open()
    const [first, second] = [madeCard('req_1'), madeCard('req_1', { conversation: 'slack:C0SEC' })]
    await store.commit({
      cards: [
        { expected: null, next: first },
        { expected: null, next: second },
      ],
      lines: [],
    })
    const posted = { ...first, version: 2, status: 'posted', message: '17.5', shown: 1, told: 2 } as const
    await store.commit({ cards: [{ expected: 1, next: posted }], lines: [] })

    expect(await store.card(first.id)).toEqual(posted)
    expect(await store.cards('req_1')).toEqual([posted, second])
    expect(await store.cardAt('slack:C0DATA', '17.5')).toEqual(posted)
    expect(await store.cardAt('slack:C0SEC', '17.5')).toBeNull()
  })

  test('agents are found by id and by name, keys with their agent', async () => {
    const { store } = await open()
    const [first, second] = [madeAgent({ name: 'b-agent' }), madeAgent({ name: 'a-agent' })]
    const keys = [madeKey(first.id), madeKey(first.id)]
    await store.commit({ agents: [first, second].map((next) => ({ expected: null, next })), lines: [] })
    await store.commit({ keys: keys.map((next) => ({ expected: null, next })), lines: [] })

    expect(await store.agent(first.id)).toEqual(first)
    expect(await store.agent('a-agent')).toEqual(second)
    expect(await store.agents()).toEqual([second, first])
    expect(await store.key(keys[1]?.id ?? '')).toEqual({ key: keys[1], agent: first })
    expect(await store.keysOf(first.id)).toEqual(keys)
    expect(await store.keysOf(second.id)).toEqual([])
  })

  test('accounts are found by key and by person', async () => {
    const { store } = await open()
    const [first, second, other] = [madeAccount('per_1'), madeAccount('per_1'), madeAccount('per_2')]
    await store.commit({
      accounts: [first, second, other].map((next) => ({ expected: null, next })),
      lines: [],
    })

    expect(await store.account(first.id)).toEqual(first)
    expect(await store.accounts([other.id, first.id, 'slack:T0ACME:none'])).toEqual([first, other])
    expect(await store.accountsOf('per_1')).toEqual([first, second])
  })

  const bundle = (digit: string) =>
    ({
      digest: `sha256:${digit}`,
      name: `bundle ${digit}`,
      files: { 'policy.yaml': `# ${digit}\u0000` },
    }) as const
  const policy = (digit: string, given: Partial<NonNullable<Change['policy']>> = {}): Change => ({
    policy: {
      version: bundle(digit),
      activation: newId('act'),
      expected: null,
      at: '2026-11-24T14:00:00.000Z',
      ...given,
    },
    lines: [],
  })

  test('the policy activated last is the active one, also when it was active before', async () => {
    const { store } = await open()

    await store.commit(policy('1'))
    await store.commit(policy('2', { expected: 'sha256:1' }))
    expect(await store.activePolicy()).toEqual(bundle('2'))
    expect(await store.commit(policy('1', { expected: 'sha256:2' }))).toBe('applied')
    expect(await store.activePolicy()).toEqual(bundle('1'))
  })

  test('a policy that was computed against another than the active one is a conflict', async () => {
    const { store } = await open()
    await store.commit(policy('1'))

    expect(await store.commit(policy('2'))).toBe('conflict')
    expect(await store.commit(policy('2', { expected: 'sha256:3' }))).toBe('conflict')
    const race = await Promise.all(
      ['2', '3'].map((digit) => store.commit(policy(digit, { expected: 'sha256:1' }))),
    )

    expect(race.toSorted()).toEqual(['applied', 'conflict'])
  })

  test('a policy that is only kept is not active, and is found by its digest', async () => {
    const { store } = await open()
    await store.commit(policy('1'))

    expect(await store.commit(policy('2', { activation: null, expected: 'sha256:1' }))).toBe('applied')

    expect(await store.activePolicy()).toEqual(bundle('1'))
    expect(await store.policyVersion('sha256:2')).toEqual(bundle('2'))
    expect(await store.policyVersion('sha256:3')).toBeNull()
  })

  test('entries about policies are read newest first', async () => {
    const { store } = await open()
    const lines = ['sha256:1', 'sha256:2', 'sha256:3'].map((id) =>
      madeLine({ type: 'policy.activated', request: null, subject: { kind: 'policy', id } }),
    )
    for (const one of lines) await store.commit({ lines: [one, madeLine({ request: newId('req') })] })

    expect((await store.policyEntries(2)).map(({ subject }) => subject.id)).toEqual(['sha256:3', 'sha256:2'])
  })

  test('the store answers a ping', async () => {
    const { store } = await open()

    await expect(store.ping()).resolves.toBeUndefined()
  })
}

function listsRequests(open: () => Promise<Subject>): void {
  test('newest first, page by page, by state, agent and person', async () => {
    const { store } = await open()
    const first = madeRequest()
    const second = madeRequest({ agent: { ...first.agent, id: 'agt_2' } })
    const third = madeRequest({ behind: [{ person: 'per_noor', role: 'involved' }] })
    for (const request of [second, third, first]) await store.commit(submission(request))
    await store.commit(approval(first))
    const ids = async (query: Partial<Parameters<Store['requests']>[0]>) =>
      (await store.requests({ limit: 10, ...query })).map((request) => request.id)

    expect(await ids({})).toEqual([third.id, second.id, first.id])
    expect(await ids({ limit: 2 })).toEqual([third.id, second.id])
    expect(await ids({ before: second.id })).toEqual([first.id])
    expect(await ids({ states: ['pending'] })).toEqual([third.id, second.id])
    expect(await ids({ states: ['approved', 'denied'] })).toEqual([first.id])
    expect(await ids({ states: [] })).toEqual([])
    expect(await ids({ agent: 'agt_2' })).toEqual([second.id])
    expect(await ids({ behind: 'per_noor' })).toEqual([third.id])
    expect(await ids({ behind: 'per_lee', states: ['pending'], before: third.id })).toEqual([second.id])
  })
}

function watchersWake(open: () => Promise<Subject>): void {
  test('wake when their request changes, and not for another', async () => {
    const { store } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    await store.commit(submission(request))
    let others = 0
    onTestFinished(store.watch(other.id, () => (others += 1)))
    const woken = new Promise<void>((resolve) => onTestFinished(store.watch(request.id, resolve)))

    await store.commit(approval(request))
    await woken

    expect(await store.request(request.id)).toMatchObject({ state: 'approved' })
    expect(others).toBe(0)
  })

  test('wake when the policy changes', async () => {
    const { store } = await open()
    const woken = new Promise<void>((resolve) => onTestFinished(store.watch('policy', resolve)))

    const version = { digest: 'sha256:1', name: 'one', files: {} } as const
    await store.commit({
      policy: { version, activation: newId('act'), expected: null, at: '2026-11-24T14:00:00.000Z' },
      lines: [],
    })

    await woken
  })

  test('are not told of a change that was not applied, nor after they stopped', async () => {
    const { store } = await open()
    const request = madeRequest()
    // Notifications arrive in order: when a later one is here, an earlier one would be too.
    const everythingArrived = async () => {
      const signal = madeRequest()
      const arrived = new Promise<void>((resolve) => onTestFinished(store.watch(signal.id, resolve)))
      await store.commit(submission(signal))
      await arrived
    }
    await store.commit(submission(request))
    await everythingArrived()
    let wakes = 0
    const stop = store.watch(request.id, () => (wakes += 1))

    await store.commit({ request: { expected: 9, next: { ...approved(request), version: 10 } }, lines: [] })
    await everythingArrived()
    expect(wakes).toBe(0)

    stop()
    await store.commit(approval(request))
    await everythingArrived()
    expect(wakes).toBe(0)
  })
}
