import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../../src/approvals/cancel.ts'
import { expire } from '../../../src/approvals/expire.ts'
import { addAgent, rotateKey } from '../../../src/approvals/people/agents.ts'
import { Refusal } from '../../../src/core/refusal.ts'
import { saltedDigest } from '../../../src/ledger/entry.ts'
import { memoryStore } from '../../support/memoryStore.ts'
import { entriesOf, typesOf } from '../../support/recorded.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'
import { testIssuer } from '../../support/testSigner.ts'
import { ask, click, testWorld, type World } from '../../support/world.ts'
import { approvedExport, asksForGrant, callerOf, requestIn } from './granted.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'granted',
    (error: unknown) => (error instanceof Refusal ? error.code : error),
  )

describe('a grant', () => {
  test('is minted for what people approved, with the terms of its requirement', async () => {
    const request = await approvedExport(world)

    const { grant, token, request: next, repeated } = await asksForGrant(world, request.id)

    expect(repeated).toBe(false)
    expect(next).toEqual(await requestIn(world.store, request.id))
    expect(next).toMatchObject({ state: 'approved', version: request.version + 1, grant })
    expect(grant).toMatchObject({
      id: request.id.replace('req_', 'grt_'),
      audience: testIssuer,
      profile: 'id',
      spentBy: 'agent',
      tokenOnly: false,
      askedWith: world.agent.key.id,
      jkt: null,
      issuedAt: '2026-11-24T14:00:00.000Z',
      expiresAt: '2026-11-24T14:03:00.000Z',
      redeemed: null,
    })
    expect((await world.ports.signer.read(token))?.claims).toMatchObject({
      iss: testIssuer,
      jti: grant.id,
      txn: request.id,
      action_hash: request.digest,
      approvers: ['slack:T0ACME:U0BOB', 'slack:T0ACME:U0SAM'],
    })
  })

  test('is minted for what policy allowed, by its defaults', async () => {
    const request = await ask(world, 'repo.read')

    const { grant, token } = await asksForGrant(world, request.id)

    expect(grant.expiresAt).toBe('2026-11-24T14:03:00.000Z')
    expect((await world.ports.signer.read(token))?.claims).toMatchObject({ approvers: [] })
  })

  test('is an entry that names it and not its token, and its cards and thread are told', async () => {
    const request = await approvedExport(world)

    const { grant, token } = await asksForGrant(world, request.id)

    const [issued] = await entriesOf(world.store, request.id, 'grant.issued')
    expect(issued).toMatchObject({
      actor: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
      action_digest_salted: saltedDigest(request.salt ?? '', request.digest),
      data: { grant: grant.id, audience: testIssuer, bound: false, key: world.agent.key.id },
    })
    expect(JSON.stringify(await world.store.entries(request.id))).not.toContain(token.split('.')[2])
  })

  test('lives no longer than five minutes, whatever an old requirement says', async () => {
    const files = {
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace('{ttl: 3m', '{ttl: 8h'),
    }
    world.setPolicy(testBundle(files))
    const request = await ask(world, 'repo.read')

    expect((await asksForGrant(world, request.id)).grant.expiresAt).toBe('2026-11-24T14:05:00.000Z')
  })

  test('lives no longer than the floor of now lets it', async () => {
    const request = await approvedExport(world)
    const files = {
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace('floor: {', 'floor: {max_grant_ttl: 30s, '),
    }
    world.setPolicy(testBundle(files))

    expect((await asksForGrant(world, request.id)).grant.expiresAt).toBe('2026-11-24T14:00:30.000Z')
  })
})

describe('who gets none', () => {
  test.each<[string, () => Promise<string>, string]>([
    ['waits', async () => (await ask(world, 'db.export')).id, 'not_approved'],
    ['is denied', async () => (await ask(world, 'audit.delete')).id, 'not_approved'],
    [
      'is cancelled',
      async () => {
        const { id } = await ask(world, 'db.export')
        await cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })
        return id
      },
      'not_approved',
    ],
    [
      'has expired',
      async () => {
        const { id } = await ask(world, 'db.export')
        world.clock.advance(3_601)
        await expire(world.ports, id)
        return id
      },
      'not_approved',
    ],
  ])('a request that %s', async (_, made, code) => {
    const id = await made()
    const before = await requestIn(world.store, id)

    expect(await codeOf(asksForGrant(world, id))).toBe(code)
    expect(await requestIn(world.store, id)).toEqual(before)
  })

  test('another agent, which learns nothing of it (threats: not-authority)', async () => {
    const { id } = await approvedExport(world)
    const by = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other-agent', owner: by, by, via: 'test' })

    expect(await codeOf(asksForGrant(world, id, { caller: callerOf({ agent: other }) }))).toBe(
      'unknown_request',
    )
    expect(await codeOf(asksForGrant(world, 'req_01kb3g5jq8e7gr8m2n5p9s0tvw'))).toBe('unknown_request')
    expect(await typesOf(world.store, id)).not.toContain('grant.refused')
  })

  test.each(['db.export', 'repo.read'])(
    '%s, when the time for it is over (threats: checked-at-use)',
    async (action) => {
      const late = action === 'repo.read' ? await ask(world, action) : await approvedExport(world)
      world.clock.advance(15 * 60 + 1)

      expect(await codeOf(asksForGrant(world, late.id))).toBe('grant_lapsed')
      expect((await entriesOf(world.store, late.id, 'grant.refused'))[0]?.data).toMatchObject({
        code: 'grant_lapsed',
      })
    },
  )

  test.each(['db.export', 'repo.read'])('control: %s, a second before', async (action) => {
    const request = action === 'repo.read' ? await ask(world, action) : await approvedExport(world)
    world.clock.advance(15 * 60)

    expect(await codeOf(asksForGrant(world, request.id))).toBe('granted')
  })

  test('a key that was revoked while it asked', async () => {
    const { id } = await approvedExport(world)
    const caller = callerOf(world)
    const { agent } = world.agent
    const revoked = { ...caller.key, version: caller.key.version + 1, status: 'revoked' as const }
    await world.store.commit({ keys: [{ expected: caller.key.version, next: revoked }], entries: [] })

    expect(await codeOf(asksForGrant(world, id, { caller: { agent, key: caller.key } }))).toBe(
      'unauthenticated',
    )
    expect((await requestIn(world.store, id)).grant).toBeUndefined()
  })

  test('whoever names an audience that policy does not have', async () => {
    const { id } = await approvedExport(world)

    expect(await codeOf(asksForGrant(world, id, { audience: 'https://elsewhere.test' }))).toBe(
      'unknown_audience',
    )
    expect(await codeOf(asksForGrant(world, id, { audience: testIssuer }))).toBe('granted')
  })
})

describe('asked again (threats: retry-storm)', () => {
  test('with the same key while it lives, it is the same token, and recorded', async () => {
    const { id } = await approvedExport(world)
    const first = await asksForGrant(world, id)
    world.clock.advance(179)

    const second = await asksForGrant(world, id)

    expect(second).toEqual({ ...first, repeated: true })
    expect((await entriesOf(world.store, id, 'grant.repeated'))[0]?.data).toMatchObject({
      grant: first.grant.id,
    })
  })

  test('fifty times at once, it is one grant, and all get its token', async () => {
    const { id } = await approvedExport(world)

    const all = await Promise.all(Array.from({ length: 50 }, () => asksForGrant(world, id)))

    expect(new Set(all.map(({ token }) => token)).size).toBe(1)
    expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(await entriesOf(world.store, id, 'grant.issued')).toHaveLength(1)
  })

  test('when its time is over, there is none (threats: replay)', async () => {
    const { id } = await approvedExport(world)
    await asksForGrant(world, id)
    world.clock.advance(180)

    expect(await codeOf(asksForGrant(world, id))).toBe('grant_over')
  })

  test('with another key of the agent, for another audience or another proof key, it is taken', async () => {
    const { id } = await approvedExport(world)
    await asksForGrant(world, id)
    const proof = { jkt: 'another', name: 'proof 1' }

    for (const change of [{ proof }, { audience: 'https://elsewhere.test' }])
      expect(await codeOf(asksForGrant(world, id, change))).toBe('grant_taken')
    const by = { email: 'lee@acme.test' }
    const other = await rotateKey(world.ports, { name: world.agent.agent.name, by, via: 'test' })
    expect(await codeOf(asksForGrant(world, id, { caller: callerOf({ agent: other }) }))).toBe('grant_taken')
    expect((await entriesOf(world.store, id, 'grant.refused')).map(({ data }) => data.code)).toEqual(
      Array.from({ length: 3 }, () => 'grant_taken'),
    )
  })

  test('a proof counts once', async () => {
    const { id } = await approvedExport(world)
    const proof = { jkt: 'a thumbprint', name: 'proof 1' }

    const first = await asksForGrant(world, id, { proof })

    expect((await world.ports.signer.read(first.token))?.claims).toMatchObject({
      cnf: { jkt: 'a thumbprint' },
    })
    expect(await codeOf(asksForGrant(world, id, { proof }))).toBe('invalid_dpop_proof')
    const again = await asksForGrant(world, id, { proof: { ...proof, name: 'proof 2' } })
    expect(again.token).toBe(first.token)
  })

  test('after a commit whose outcome nobody heard, it is the same token', async () => {
    const store = memoryStore()
    world = await testWorld({ store })
    const { id } = await approvedExport(world)
    const deaf = {
      ...world,
      ports: {
        ...world.ports,
        store: {
          ...store,
          commit: async (change: Parameters<typeof store.commit>[0]) => {
            await store.commit(change)
            throw new Error('the connection is gone')
          },
        },
      },
    }
    await expect(asksForGrant(deaf, id)).rejects.toThrow('the connection is gone')

    const { repeated, token } = await asksForGrant(world, id)

    expect(repeated).toBe(true)
    expect((await world.ports.signer.read(token))?.claims.jti).toBe((await requestIn(store, id)).grant?.id)
  })
})

describe('where nothing can be signed', () => {
  test('nothing is granted', async () => {
    const { id } = await approvedExport(world)
    const signer = {
      ...world.ports.signer,
      sign: async () => {
        throw new Refusal('not_ready', 'no key')
      },
    }

    expect(await codeOf(asksForGrant({ ...world, ports: { ...world.ports, signer } }, id))).toBe('not_ready')
    expect((await requestIn(world.store, id)).grant).toBeUndefined()
  })
})

test('while people have still to decide nothing is recorded, however often the agent asks', async () => {
  const { id } = await ask(world, 'db.export')
  await click(world, id, 'U0BOB')
  const before = await typesOf(world.store, id)

  await codeOf(asksForGrant(world, id))

  expect(await typesOf(world.store, id)).toEqual(before)
})
