import { describe, expect, test } from 'vitest'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { sealerOf } from '../support/testSealer.ts'
import { claimsAt, signing, typed } from './keyHouse.ts'

const early = { ...typed, early: 'to see' }

const unavailable = new StoreUnavailable({
  reason: 'away',
  message: 'The database does not answer.',
  unknown: false,
  retryAfterSeconds: 1,
  cause: null,
})

describe('another replica', () => {
  test('has the same keys, and the same token for the same claims', async () => {
    const { replica, ports, kid, sign } = await signing()
    const there = replica().signer

    expect(await there.signsWith()).toBe(kid)
    expect(await there.sign(claimsAt(ports), { kid, typ: 'at+jwt' })).toBe(await sign())
    expect(await there.jwks()).toEqual(await ports.signer.jwks())
  })

  test('stale-replica: one that hears nothing signs with a new key and believes one within five seconds', async () => {
    const { replica, ports, world, kid } = await signing()
    const deaf = replica({ deaf: true }).signer
    expect(await deaf.signsWith()).toBe(kid)
    const { active } = await rotateKeys(ports, early)

    // What another replica has signed with a key that it does not know as one that signs, it looks up.
    const token = await ports.signer.sign(claimsAt(ports), { kid: active, typ: 'JWT' })
    expect(await deaf.read(token)).toMatchObject({ signedBy: { id: active } })
    expect(await deaf.sign(claimsAt(ports), { kid: active, typ: 'JWT' })).toBe(token)

    const second = replica({ deaf: true }).signer
    expect(await second.signsWith()).toBe(active)
    const { active: third } = await rotateKeys(ports, early)
    world.clock.advance(6)
    expect(await second.signsWith()).toBe(third)
  })

  test('stale-replica: a kid that it has never seen is looked up once for all who ask', async () => {
    const { replica, world } = await signing()
    let reads = 0
    const store: Store = {
      ...world.store,
      signingKeys: () => {
        reads += 1
        return world.store.signingKeys()
      },
    }
    const there = replica({ store, deaf: true }).signer
    await there.signsWith()
    reads = 0

    const header = Buffer.from('{"alg":"RS256","kid":"nobody"}').toString('base64url')
    const forged = `${header}.e30.AAAA`
    const told = await Promise.all(Array.from({ length: 200 }, () => there.read(forged)))

    expect(told.every((one) => one === null)).toBe(true)
    expect(reads).toBeLessThanOrEqual(3)
  })

  test('with another secret opens nothing, publishes nothing and signs nothing', async () => {
    const { replica, sign } = await signing()
    const { signer, known } = replica({ sealer: sealerOf('another secret') })

    await expect(signer.signsWith()).rejects.toMatchObject({ code: 'not_ready' })
    expect(await signer.jwks()).toEqual({ keys: [] })
    expect(await signer.read(await sign())).toBeNull()
    expect((await known.look()).unopened).toHaveLength(2)
  })
})

describe('when the database is away', () => {
  const away = async () => {
    const { replica, world, sign } = await signing()
    let isAway = false
    const store: Store = {
      ...world.store,
      signingKeys: async () => {
        if (isAway) throw unavailable
        return world.store.signingKeys()
      },
    }
    const { signer } = replica({ store })
    const token = await sign()
    await signer.jwks()
    return {
      signer,
      token,
      pass: (seconds: number) => {
        isAway = true
        world.clock.advance(seconds)
      },
    }
  }

  test('nothing is signed or believed by what is old: it is not known, which is not no', async () => {
    const { signer, token, pass } = await away()
    pass(6)

    await expect(signer.signsWith()).rejects.toThrow(StoreUnavailable)
    await expect(signer.read(token)).rejects.toThrow(StoreUnavailable)
  })

  test('what was published is published for as long as verifiers keep it, and no longer', async () => {
    const { signer, pass } = await away()
    pass(300)
    expect((await signer.jwks()).keys).toHaveLength(2)

    pass(1)
    await expect(signer.jwks()).rejects.toThrow(StoreUnavailable)
  })
})
