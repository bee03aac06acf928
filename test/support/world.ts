import { type Attempt, decide } from '../../src/approvals/decide.ts'
import { rememberDelegations } from '../../src/approvals/delegations/remember.ts'
import { tellPeople } from '../../src/approvals/news/tellPeople.ts'
import { noOnCall, type OnCall } from '../../src/approvals/onCall.ts'
import { addAgent, type Issued } from '../../src/approvals/people/agents.ts'
import { knowOnCall, withOnCall } from '../../src/approvals/people/onCall.ts'
import { rememberRegistry } from '../../src/approvals/people/registry.ts'
import { type IdentityProviders, noIdentityProviders } from '../../src/approvals/people/signIn.ts'
import type { PersonAttempt } from '../../src/approvals/personCommand.ts'
import type { Health, Ports, Store } from '../../src/approvals/ports.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import type { Submission, SubmissionEnvelope } from '../../src/approvals/submission.ts'
import { submit } from '../../src/approvals/submit.ts'
import { digestOf } from '../../src/core/digest.ts'
import type { Json } from '../../src/core/json.ts'
import { sqlHere } from '../../src/parsing/here.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { memoryStore } from './memoryStore.ts'
import { testBundle } from './testBundle.ts'
import { agesOf, type TestClock, testClock } from './testClock.ts'
import { keyOf, type TestDirectory, testDirectory } from './testDirectory.ts'
import { testIds } from './testIds.ts'
import { type TestOutgoing, testOutgoing } from './testOutgoing.ts'
import { testSealer } from './testSealer.ts'
import { testKeyRow, testSigner } from './testSigner.ts'

/** Everything the verbs need, in memory, with one agent owned by Lee. */
export interface World {
  readonly ports: Ports
  readonly store: Store
  readonly clock: TestClock
  readonly directory: TestDirectory
  readonly agent: Issued
  /** What is sent to addresses of others. */
  readonly outgoing: TestOutgoing
  /** Activates a bundle, without an entry; on a store in memory it is active at once. */
  setPolicy(bundle: Bundle): void
  /** Whether any channel reaches people. */
  setReachable(reachable: boolean): void
}

export async function testWorld(options: WorldOptions = {}): Promise<World> {
  const clock = testClock()
  const directory = testDirectory()
  const store = options.store ?? memoryStore()
  let bundle: Bundle | null = null
  let activated: Promise<unknown> = Promise.resolve()
  const setPolicy = (next: Bundle) => {
    const before = bundle
    bundle = next
    activated = Promise.all([activated, activate(store, { next, before })])
  }
  let reachable = true
  const outgoing = testOutgoing()
  const onCall = knowOnCall({
    service: options.onCall ?? noOnCall,
    store,
    directory,
    clock,
    ids: testIds(),
    workspace: 'wsp_test',
    ages: agesOf(clock),
    health: options.health ?? { raise: () => undefined, clear: () => undefined },
  })
  const parts: Ports = {
    store,
    registry: rememberRegistry(store, agesOf(clock)),
    stops: rememberStops(store, agesOf(clock)),
    directory: withOnCall(directory, onCall),
    onCall,
    delegations: rememberDelegations(store, agesOf(clock), clock),
    policy: () => bundle,
    renewPolicy: async () => void (await activated),
    clock,
    ids: testIds(),
    workspace: 'wsp_test',
    reachesPeople: () => reachable,
    hasConversation: () => true,
    signer: testSigner,
    sealer: testSealer,
    keyDays: 90,
    deliveryDays: 30,
    pruneDays: 30,
    retentionDays: null,
    outgoing,
    identityProviders: options.identityProviders ?? noIdentityProviders,
    confirms: options.confirms ?? false,
    targets: options.targets ?? [],
    previewers: options.previewers ?? [],
    statements: options.statements ?? { read: async (text) => (await sqlHere())(text) },
  }
  const told = options.tells ? tellPeople(store, parts) : store
  const ports: Ports = { ...parts, store: keptTogether(told, parts) }
  const agent = await addAgent(
    { ...ports, confirms: false },
    {
      name: 'billing-agent',
      owner: { email: 'lee@acme.test' },
      by: { email: 'lee@acme.test' },
      via: 'test',
    },
  )
  // Where several worlds share a store, it is there.
  if (!options.makesKeys)
    await store.commit({ signingKeys: [{ expected: null, next: await testKeyRow() }], entries: [] })
  if (options.policy !== null) setPolicy(options.policy ?? testBundle())
  await activated
  const setReachable = (next: boolean) => {
    reachable = next
  }
  return { ports, store, clock, directory, outgoing, agent, setPolicy, setReachable }
}

export interface WorldOptions {
  /** Where credentials are issued. */
  readonly targets?: Ports['targets']
  /** Who says what an action would touch. */
  readonly previewers?: Ports['previewers']
  /** Who reads statements. */
  readonly statements?: Ports['statements']
  /** What knows who is on call. */
  readonly onCall?: OnCall
  readonly health?: Health
  /** Whose ID tokens are believed. */
  readonly identityProviders?: IdentityProviders
  readonly store?: Store
  /** Whether people are told directly what becomes of what was asked for them. */
  readonly tells?: boolean
  /** The test makes the keys that grants are signed with; otherwise the one of all tests stands in the store. */
  readonly makesKeys?: boolean
  /** The bundle that is active from the beginning; null for none. */
  readonly policy?: Bundle | null
  /** Whether people are asked to confirm what is claimed in their names; the agent of the world is there already. */
  readonly confirms?: boolean
}

/** Its files do not matter here: only what it judges by. */
async function activate(
  store: Store,
  { next, before }: { readonly next: Bundle; readonly before: Bundle | null },
): Promise<void> {
  const version = { digest: next.digest, filesDigest: next.digest, name: next.name, files: {} }
  const activation = randomIds.next('act')
  const at = '2026-11-24T14:00:00.000Z'
  const policy = { version, activation, expected: before?.digest ?? null, at }
  const outcome = await store.commit({ policy, entries: [] })
  if (outcome !== 'applied') throw new Error(`the policy of the test was not activated: ${outcome}`)
}

let asked = 0

export function envelope(world: World, change: Partial<SubmissionEnvelope> = {}): SubmissionEnvelope {
  asked += 1
  const { agent, key } = world.agent
  return {
    agent,
    key,
    via: 'api',
    idempotencyKey: `key-${asked}`,
    bodyDigest: digestOf('countersign/body/v1', { body: asked }),
    ...change,
  }
}

/** A submission by Alice for a table of Omar's. */
export function submission(
  action: string,
  change: Partial<Submission> & { readonly params?: Record<string, Json> } = {},
): Submission {
  const { params, ...rest } = change
  return {
    action: {
      action,
      resource: { type: 'table', id: 'warehouse.users' },
      params: params ?? { rows: 10 },
      environment: 'prod',
    },
    reason: 'Quarterly churn analysis',
    initiator: { email: 'alice@acme.test' },
    involved: [],
    run: null,
    expiresInSeconds: null,
    ...rest,
  }
}

/** The same action on another table: what is asked exactly alike would share a card. */
export function elsewhere(action: string): Pick<Submission, 'action'> {
  const { action: asked } = submission(action)
  return { action: { ...asked, resource: { type: 'table', id: 'warehouse.elsewhere' } } }
}

/** Submits and returns the request. */
export async function ask(world: World, action: string, change: Partial<Submission> = {}) {
  return (await submit(world.ports, envelope(world), submission(action, change))).request
}

let clicks = 0

/** One person's click, straight to the verb. */
export function click(world: World, request: string, user: string, change: Partial<Attempt> = {}) {
  const attempt: Attempt = {
    ...attemptBy(request, user),
    kind: 'approve',
    reason: change.kind === 'deny' ? 'Not today.' : null,
    typed: [],
    seen: 'facts',
    ...change,
  }
  return decide(world.ports, attempt)
}

/** What every attempt of a person says; each is a delivery of its own. */
export function attemptBy(request: string, user: string): PersonAttempt {
  clicks += 1
  return { request, account: keyOf(user), via: 'slack', card: null, delivery: `click-${clicks}` }
}
