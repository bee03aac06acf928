import { beforeEach, describe, expect, test } from 'vitest'
import { lookAtClaims } from '../../src/approvals/claimsAlarm.ts'
import { submitSet } from '../../src/approvals/sets/submitSet.ts'
import type { Submission } from '../../src/approvals/submission.ts'
import { submit } from '../../src/approvals/submit.ts'
import { identityProviders } from '../../src/oidc/providers.ts'
import { countedFiles } from '../support/countedBundle.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { refusalsOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { signIns, type TestProvider, testProvider } from '../support/testIssuer.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let issuer: TestProvider
let store: MemoryStore
let world: World
let answer: () => Promise<string>
beforeEach(async () => {
  issuer = await testProvider()
  answer = async () => issuer.document()
  store = memoryStore()
  world = await testWorld({
    store,
    identityProviders: identityProviders([issuer.provider], {
      read: () => answer(),
      ages: agesOf(testClock()),
    }),
  })
})

const signedIn = async (claims: Record<string, unknown> = {}) => ({
  initiator: { idToken: await issuer.token(claims) },
})

describe('attested: an initiator whom an identity provider has named', () => {
  test('is on record with who said so and when, without the token, and with the subject where it can be erased', async () => {
    const claim = await signedIn()

    const request = await ask(world, 'db.export', claim)

    const at = '2026-11-24T13:59:00.000Z'
    expect(request.initiator).toEqual({
      person: expect.stringMatching(/^per_/),
      claim: 'id_token',
      signedIn: { issuer: signIns, at },
    })
    expect(request.verdict.facts.initiator).toMatchObject({ email: 'alice@acme.test', attested: true })
    const [submitted] = await store.entries(request.id)
    expect(submitted?.data.initiator).toEqual({
      person: request.initiator.person,
      claim: 'id_token',
      signed_in: { issuer: signIns, at, issued_at: at, token: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    const kept = store.blobs.map(({ text }) => text).join('\n')
    expect(kept).toContain('"subject":"sub-alice"')
    const everything = JSON.stringify([request, store.ledger]) + kept
    expect(everything).not.toContain(claim.initiator.idToken.split('.')[2])
    expect(JSON.stringify([request, store.ledger])).not.toContain('sub-alice')
  })

  test('cannot approve it, like any initiator', async () => {
    world.directory.groups.set('S0SECURITY', ['U0ALICE', 'U0PRIYA'])
    const request = await ask(world, 'db.export', await signedIn())

    await expect(click(world, request.id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })

    expect(await refusalsOf(store, request.id)).toEqual(['own_request'])
  })

  test('leaves the owner of the agent and the creator of its key behind it', async () => {
    const request = await ask(world, 'db.export', await signedIn({ sub: 'sub-bob' }))

    expect(request.behind.map(({ role }) => role)).toEqual(['initiator', 'agent_owner', 'key_creator'])
    await expect(click(world, request.id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('is no claim of the agent, so nobody is alarmed that claims chose the reviewer; control: named by an address they are one', async () => {
    world.directory.groups.set('S0DATA', ['U0BOB'])
    world.directory.changeAccount('U0OMAR', { active: false })

    const attested = await ask(world, 'db.export', await signedIn({ sub: 'sub-bob' }))
    const claimed = await ask(world, 'db.export', { initiator: { email: 'bob@acme.test' } })

    for (const { id } of [attested, claimed]) await lookAtClaims(world.ports, id)
    const alarmed = store.ledger.filter(({ type }) => type === 'claims.alarmed')
    expect(alarmed.map(({ subject }) => subject.id)).toEqual([claimed.id])
    expect(attested.verdict.code).toBe('unsatisfiable')
  })

  test.each([
    ['whom the operator has not mapped', { sub: 'sub-carol' }],
    ['whom the directory does not know', { sub: 'sub-gone' }],
  ])('%s is refused with the place, and nothing is stored', async (_, claims) => {
    const [before, claim] = [store.ledger.length, await signedIn(claims)]

    await expect(ask(world, 'db.export', claim)).rejects.toMatchObject({
      code: 'unknown_person',
      problems: [{ pointer: '/initiator/id_token' }],
    })

    expect(store.ledger).toHaveLength(before)
  })

  test('who is a guest or has left is refused, although the provider still lets them in', async () => {
    for (const change of [{ guest: true }, { guest: false, active: false }]) {
      world.directory.changeAccount('U0ALICE', change)
      await expect(ask(world, 'db.export', await signedIn())).rejects.toMatchObject({
        code: 'unknown_person',
      })
    }
  })

  test('is asked for together with others by one token', async () => {
    const { action: first, ...common } = submission('db.export', await signedIn())
    const second = { ...first, params: { rows: 20 } }

    const { requests } = await submitSet(world.ports, envelope(world), {
      ...common,
      members: [first, second].map((action) => ({ action, involved: [] })),
    })

    expect(requests.map(({ initiator }) => initiator.claim)).toEqual(['id_token', 'id_token'])
  })
})

describe('attested: a repeated call', () => {
  test('finds its request, although the token is over by now and its provider is deaf', async () => {
    const [by, sent] = [envelope(world), submission('db.export', await signedIn())]
    const { request } = await submit(world.ports, by, sent)
    world.clock.advance(7_200)
    answer = () => Promise.reject(new Error('deaf'))

    expect(await submit(world.ports, by, sent)).toMatchObject({ request: { id: request.id }, created: false })
  })

  test('control: a new one with that token is refused', async () => {
    const claim = await signedIn()
    world.clock.advance(7_200)

    await expect(ask(world, 'db.export', claim)).rejects.toMatchObject({ code: 'id_token_refused' })
  })
})

test('attested: while the keys of the provider are not known, nothing is asked', async () => {
  answer = () => Promise.reject(new Error('deaf'))
  const before = store.ledger.length

  await expect(ask(world, 'db.export', await signedIn())).rejects.toMatchObject({
    code: 'id_token_unchecked',
  })

  expect(store.ledger).toHaveLength(before)
})

test('attested: where no provider is configured, a token is refused and says so', async () => {
  const other = await testWorld()

  await expect(ask(other, 'db.export', await signedIn())).rejects.toMatchObject({
    code: 'id_token_refused',
    problems: [{ detail: expect.stringContaining('OIDC_FILE') }],
  })
})

describe('attested: rules', () => {
  const forAttested = testBundle({
    ...bundleFiles,
    'rules/attested.yaml': `
- id: attested
  description: Reads go for whoever has signed in.
  match: {actions: [repo.delete]}
  when: initiator.attested
  verdict: allow
`,
    'actions.yaml': `${bundleFiles['actions.yaml']}  repo.delete: {effect: write, params: open}\n`,
  })
  const decided = async (change: Partial<Submission>) => (await ask(world, 'repo.delete', change)).state

  test('can go by it; a claim of the same person is none', async () => {
    world.setPolicy(forAttested)

    expect(await decided(await signedIn())).toBe('approved')
    expect(await decided({})).toBe('pending')
    expect(await decided({ initiator: null })).toBe('pending')
  })

  const perPerson = testBundle({
    ...countedFiles,
    'bundle.yaml': (countedFiles['bundle.yaml'] ?? '').replace(
      'refunds_a_day: {actions: [refund.create], per: agent',
      'refunds_a_day: {actions: [refund.create], per: initiator',
    ),
    'rules/counted.yaml': (countedFiles['rules/counted.yaml'] ?? '').replace('count <= 20', 'count <= 2'),
  })
  const refund = async (change: Partial<Submission>) =>
    (await ask(world, 'refund.create', submission('refund.create', { params: { amount: 1 }, ...change })))
      .state

  test('count what each attested initiator uses; a claim is counted for nobody, and allows nothing', async () => {
    world.setPolicy(perPerson)
    const [alice, bob] = [await signedIn(), await signedIn({ sub: 'sub-bob' })]

    expect([await refund(alice), await refund(alice), await refund(alice)]).toEqual([
      'approved',
      'approved',
      'pending',
    ])
    expect([await refund(bob), await refund({ initiator: { email: 'noor@acme.test' } })]).toEqual([
      'approved',
      'pending',
    ])
    expect(await refund({})).toBe('pending')
  })
})
