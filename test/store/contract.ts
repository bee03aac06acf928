import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { sharesCards } from './contractAlike.ts'
import { knowsWhatWasAsked } from './contractAsked.ts'
import { countsBudgets } from './contractBudgets.ts'
import { comparesWhatPeopleHave, comparesWhoAsks, keepsToWhoIsWho } from './contractCallers.ts'
import { keepsClaims } from './contractClaims.ts'
import { keepsCoolDowns } from './contractCoolDowns.ts'
import { keepsDelegations } from './contractDelegations.ts'
import { keepsEmergencies } from './contractEmergencies.ts'
import { keepsEndings } from './contractEndings.ts'
import { keepsGrants } from './contractGrants.ts'
import { listsRequests } from './contractLists.ts'
import { countsMentions } from './contractMentions.ts'
import { keepsOnCallLinks } from './contractOnCall.ts'
import { countsWhatPasses } from './contractPassing.ts'
import { limitsWhatWaits } from './contractPending.ts'
import { judgesByTheActivePolicy, knowsItsReplicas } from './contractPolicies.ts'
import { readsReturnWhatWasWritten } from './contractReads.ts'
import { listsRevocable } from './contractRevocable.ts'
import { keepsRollbacks } from './contractRollbacks.ts'
import { knowsWhatWasRead } from './contractRuns.ts'
import { keepsSeenAccounts } from './contractSeen.ts'
import { keepsSets } from './contractSets.ts'
import { keepsShadows } from './contractShadows.ts'
import { keepsWhatIsTold } from './contractTold.ts'
import { watchersWake } from './contractWatch.ts'
import {
  approval,
  approved,
  madeAccount,
  madeAgent,
  madeAuditorKey,
  madeCard,
  madeConfirmation,
  madeKey,
  madeLine,
  madeOperatorKey,
  madePersonalToken,
  madeRequest,
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
    describe('who is who', () => keepsToWhoIsWho(open))
    describe('who asks', () => comparesWhoAsks(open))
    describe('what people have', () => comparesWhatPeopleHave(open))
    describe('what was denied', () => keepsCoolDowns(open))
    describe('what waits', () => limitsWhatWaits(open))
    describe('what is counted', () => countsBudgets(open))
    describe('the active policy', () => judgesByTheActivePolicy(open))
    describe('replicas', () => knowsItsReplicas(open))
    describe('emergencies', () => keepsEmergencies(open))
    describe('claims', () => keepsClaims(open))
    describe('reads', () => readsReturnWhatWasWritten(open))
    describe('endings and refusals', () => keepsEndings(open))
    describe('grants and what follows them', () => keepsGrants(open))
    describe('what was read', () => knowsWhatWasRead(open))
    describe('what was asked before', () => knowsWhatWasAsked(open))
    describe('what passes', () => countsWhatPasses(open))
    describe('what a stop may take back', () => listsRevocable(open))
    describe('shadows', () => keepsShadows(open))
    describe('on call', () => keepsOnCallLinks(open))
    describe('accounts as they were seen', () => keepsSeenAccounts(open))
    describe('delegations', () => keepsDelegations(open))
    describe('rollbacks', () => keepsRollbacks(open))
    describe('what is told', () => keepsWhatIsTold(open))
    describe('sets', () => keepsSets(open))
    describe('mentions', () => countsMentions(open))
    describe('requests that ask the same', () => sharesCards(open))
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

    await store.commit({ entries: [], jobs: [{ task: 'announce', request: request.id }] })

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
      entries: [late],
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

    await expect(store.commit(submission(request, { entries: [tooLarge] }))).rejects.toMatchObject({
      code: 'entry_unwritable',
    })

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
    await expect(store.commit({ request: { expected: 1, next: leap }, entries: [] })).rejects.toThrow()

    expect(await store.request(request.id)).toEqual(request)
  })

  test('a version that does not follow the expected one is refused', async () => {
    const { store } = await open()
    const request = madeRequest({ version: 5 })

    await expect(store.commit(submission(request))).rejects.toThrow(/version/)
  })

  const kinds = [
    'cards',
    'agents',
    'keys',
    'accounts',
    'confirmations',
    'operatorKeys',
    'auditorKeys',
    'personalTokens',
  ] as const
  test.each(kinds)('%s are compared too', async (kind) => {
    const { store } = await open()
    const record = {
      cards: madeCard('req_1'),
      agents: madeAgent(),
      keys: madeKey('agt_1'),
      accounts: madeAccount('per_1'),
      confirmations: madeConfirmation('agt_1'),
      operatorKeys: madeOperatorKey(),
      auditorKeys: madeAuditorKey(),
      personalTokens: madePersonalToken(),
    }[kind]
    const insert: Change = { [kind]: [{ expected: null, next: record }], entries: [] }
    const change: Change = { [kind]: [{ expected: 1, next: { ...record, version: 2 } }], entries: [] }

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

    expect(await store.commit(submission(madeRequest({ idempotencyKey: 'retry-1' })))).toBe('repeated')

    const stranger = madeRequest({ idempotencyKey: 'retry-1', agent: { ...first.agent, id: 'agt_2' } })
    expect(await store.commit(submission(stranger))).toBe('applied')
    expect(await store.requestByKey('agt_1', 'retry-1')).toEqual(first)
    expect(await store.requestByKey('agt_2', 'retry-1')).toEqual(stranger)
    expect(await store.requestByKey('agt_3', 'retry-1')).toBeNull()
  })

  test('the name of an agent is never given twice, not even after it was revoked', async () => {
    const { store } = await open()
    const agent = madeAgent()
    await store.commit({ agents: [{ expected: null, next: agent }], entries: [] })
    await store.commit({
      agents: [{ expected: 1, next: { ...agent, version: 2, status: 'revoked' } }],
      entries: [],
    })

    const again = await store.commit({
      agents: [{ expected: null, next: madeAgent({ name: agent.name }) }],
      entries: [],
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

    const click = () => store.commit({ entries: [madeLine({ request: request.id })], delivery: 'click 1' })
    const outcomes = await Promise.all(Array.from({ length: 20 }, click))

    expect(outcomes.filter((one) => one === 'applied')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'duplicate')).toHaveLength(19)
    expect(await store.entries(request.id)).toHaveLength(2)
  })

  test('an entry is written once', async () => {
    const { store } = await open()
    const line = madeLine({ request: 'req_1' })
    await store.commit({ entries: [line] })

    expect(await store.commit({ entries: [line] })).toBe('conflict')
    expect(await store.entries('req_1')).toEqual([line.entry])
  })
}
