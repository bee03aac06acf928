import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { LinkedAccount } from '../../src/approvals/records.ts'
import type { Subject } from './contract.ts'
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

export function readsReturnWhatWasWritten(open: () => Promise<Subject>): void {
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

  test('what is told of a request comes with it: its agent, its cards and its entries, in their order', async () => {
    const { store } = await open()
    const agent = madeAgent({ name: 'teller' })
    await store.commit({ agents: [{ expected: null, next: agent }], entries: [] })
    const { agent: asker } = madeRequest()
    const request = madeRequest({ agent: { ...asker, id: agent.id } })
    await store.commit(submission(request))
    await store.commit(approval(request))
    const cards = [madeCard(request.id), madeCard(request.id)]
    for (const next of [...cards, madeCard('req_other')])
      await store.commit({ cards: [{ expected: null, next }], entries: [] })

    expect(await store.toldRequest(request.id)).toEqual({
      request: approved(request),
      agent,
      cards,
      entries: await store.entries(request.id),
      isShared: false,
    })
    expect(await store.toldRequest('x')).toBeNull()
  })

  test('accounts around people: theirs, those of whoever they stand for, and of whoever has an account', async () => {
    const { store } = await open()
    const put = async (...links: readonly LinkedAccount[]) =>
      store.commit({ accounts: links.map((next) => ({ expected: null, next })), entries: [] })
    const [lee, kim, joined, grace] = ['per_lee', 'per_kim', 'per_kim', 'per_grace'].map((person) =>
      madeAccount(person),
    )
    if (!lee || !kim || !joined || !grace) throw new Error('four accounts were made')
    const former = madeAccount('per_kim', { id: 'person:per_former' })
    const alias = madeAccount('per_grace', { id: 'person:per_alias' })
    await put(lee, kim, joined, grace, former, alias, madeAccount('per_nobody'))
    const around = async (people: readonly string[], accounts: readonly string[]) =>
      (await store.accountsAround(people, accounts)).map(({ id }) => id).sort()

    expect(await around(['per_lee'], [])).toEqual([lee.id])
    expect(await around(['per_former'], [])).toEqual([kim.id, joined.id, former.id].sort())
    expect(await around(['per_lee'], [grace.id])).toEqual([lee.id, grace.id, alias.id].sort())
    expect(await around(['per_x'], ['slack:x'])).toEqual([])
  })

  test('what nothing is told of yet has no cards', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    expect(await store.toldRequest(request.id)).toMatchObject({ request: { id: request.id }, cards: [] })
  })

  test('entries of a request come in the order in which they were committed', async () => {
    const { store } = await open()
    const lines = Array.from({ length: 6 }, () => madeLine({ request: 'req_1' }))
    await store.commit({ entries: lines.slice(0, 3).toReversed() })
    await store.commit({ entries: [madeLine({ request: 'req_2' }), ...lines.slice(3)] })

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
      entries: [],
    })
    const posted = { ...first, version: 2, status: 'posted', message: '17.5', shown: 1, told: 2 } as const
    await store.commit({ cards: [{ expected: 1, next: posted }], entries: [] })

    expect(await store.card(first.id)).toEqual(posted)
    expect(await store.cards('req_1')).toEqual([posted, second])
    expect(await store.cardAt('slack:C0DATA', '17.5')).toEqual(posted)
    expect(await store.cardAt('slack:C0SEC', '17.5')).toBeNull()
  })

  test('agents are found by id and by name, keys with their agent', async () => {
    const { store } = await open()
    const [first, second] = [madeAgent({ name: 'b-agent' }), madeAgent({ name: 'a-agent' })]
    const keys = [madeKey(first.id), madeKey(first.id)]
    await store.commit({ agents: [first, second].map((next) => ({ expected: null, next })), entries: [] })
    await store.commit({ keys: keys.map((next) => ({ expected: null, next })), entries: [] })

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
      entries: [],
    })

    expect(await store.account(first.id)).toEqual(first)
    expect(await store.accounts([other.id, first.id, 'slack:T0ACME:none'])).toEqual([first, other])
    expect(await store.accountsOf('per_1')).toEqual([first, second])
    expect(await store.accountsOf('per_1', 'per_none')).toEqual([first, second])
    expect(await store.accountsOf()).toEqual([])
  })

  const bundle = (digit: string) =>
    ({
      digest: `sha256:${digit}`,
      filesDigest: `sha256:f${digit}`,
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
    entries: [],
  })

  test('the policy activated last is the active one, also when it was active before', async () => {
    const { store } = await open()

    await store.commit(policy('1'))
    await store.commit(policy('2', { expected: 'sha256:f1' }))
    expect(await store.activePolicy()).toEqual(bundle('2'))
    expect(await store.commit(policy('1', { expected: 'sha256:f2' }))).toBe('applied')
    expect(await store.activePolicy()).toEqual(bundle('1'))
  })

  test('a policy that was computed against another than the active one is a conflict', async () => {
    const { store } = await open()
    await store.commit(policy('1'))

    expect(await store.commit(policy('2'))).toBe('conflict')
    expect(await store.commit(policy('2', { expected: 'sha256:f3' }))).toBe('conflict')
    const race = await Promise.all(
      ['2', '3'].map((digit) => store.commit(policy(digit, { expected: 'sha256:f1' }))),
    )

    expect(race.toSorted()).toEqual(['applied', 'conflict'])
  })

  test('a policy that is only kept is not active, and is found by its digest', async () => {
    const { store } = await open()
    await store.commit(policy('1'))

    expect(await store.commit(policy('2', { activation: null, expected: 'sha256:f1' }))).toBe('applied')

    expect(await store.activePolicy()).toEqual(bundle('1'))
    expect(await store.policyVersion('sha256:2')).toEqual(bundle('2'))
    expect(await store.policyVersion('sha256:3')).toBeNull()
  })

  test('the same policy with other files is another version, and exactly the one that was activated is active', async () => {
    const { store } = await open()
    const first = bundle('1')
    const second = { ...first, filesDigest: 'sha256:f9', files: { 'tests/a.yaml': 'other' } } as const
    await store.commit(policy('1'))
    await store.commit(policy('1', { version: second, activation: null, expected: 'sha256:f1' }))
    expect(await store.activePolicy()).toEqual(first)

    expect(await store.commit(policy('1', { version: second, expected: 'sha256:f1' }))).toBe('applied')

    expect(await store.activePolicy()).toEqual(second)
    expect(await store.policyFiles('sha256:f1')).toEqual(first)
    expect(await store.policyFiles('sha256:f9')).toEqual(second)
    expect(await store.policyFiles('sha256:1')).toBeNull()
    expect((await store.policyVersion('sha256:1'))?.digest).toBe('sha256:1')
    expect(await store.commit(policy('2', { expected: 'sha256:f1' }))).toBe('conflict')
  })

  test('entries about policies are read newest first', async () => {
    const { store } = await open()
    const lines = ['sha256:1', 'sha256:2', 'sha256:3'].map((id) =>
      madeLine({ type: 'policy.activated', request: null, subject: { kind: 'policy', id } }),
    )
    for (const one of lines) await store.commit({ entries: [one, madeLine({ request: newId('req') })] })

    expect((await store.policyEntries(2)).map(({ subject }) => subject.id)).toEqual(['sha256:3', 'sha256:2'])
  })
}
