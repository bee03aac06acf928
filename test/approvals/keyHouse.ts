import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { keySigner } from '../../src/approvals/grants/keySigner.ts'
import { type KnownKeys, knownKeys } from '../../src/approvals/grants/knownKeys.ts'
import type { SigningKey } from '../../src/approvals/grants/records.ts'
import type { Signer } from '../../src/approvals/grants/signer.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { Sealer } from '../../src/approvals/sealer.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { agesOf } from '../support/testClock.ts'
import { testSealer } from '../support/testSealer.ts'
import { testIssuer } from '../support/testSigner.ts'
import { testWorld, type World } from '../support/world.ts'

/** A world that signs with the keys of its store, as a server does. */
export interface KeyHouse {
  readonly world: World
  readonly ports: Ports
  readonly known: KnownKeys
  /** Another replica: it shares the store, or has its own way to the same one. `deaf`: it hears of no change. */
  replica(of?: { readonly store?: Store; readonly deaf?: true; readonly sealer?: Sealer }): Replica
  keys(): Promise<readonly SigningKey[]>
  /** The one key of a status. */
  key(status: SigningKey['status']): Promise<SigningKey>
}

interface Replica {
  readonly signer: Signer
  readonly known: KnownKeys
}

export async function keyHouse(options: { readonly store?: Store } = {}): Promise<KeyHouse> {
  const world = await testWorld({ ...options, makesKeys: true })
  const replica: KeyHouse['replica'] = ({ store = world.store, deaf, sealer = testSealer } = {}) => {
    const heard = deaf ? { ...store, watch: () => () => {} } : store
    const known = knownKeys({ store: heard, sealer, clock: world.clock, ages: agesOf(world.clock) })
    return { known, signer: keySigner(known, { address: testIssuer, wrong: null }) }
  }
  const { signer, known } = replica()
  const keys = () => world.store.signingKeys()
  return {
    world,
    ports: { ...world.ports, signer },
    known,
    replica,
    keys,
    async key(status) {
      const [key, ...more] = (await keys()).filter((one) => one.status === status)
      if (!key || more.length > 0) throw new Error(`not one key that is ${status}`)
      return key
    },
  }
}

/** A house whose keys are made, and how it signs with the first one. */
export async function signing() {
  const house = await keyHouse()
  await firstKeys(house.ports)
  const kid = await house.ports.signer.signsWith()
  const sign = (claims = claimsAt(house.ports)) => house.ports.signer.sign(claims, { kid, typ: 'at+jwt' })
  return { ...house, signer: house.ports.signer, kid, sign }
}

/** Claims of a grant that is issued now. */
export function claimsAt({ clock }: Pick<Ports, 'clock'>, more: JsonObject = {}): JsonObject {
  const iat = Math.floor(clock().getTime() / 1_000)
  return { iss: testIssuer, aud: 'https://api.test', iat, exp: iat + 120, jti: 'grt_1', ...more }
}

export const typed = { via: 'cli', shell: { user: 'lee', host: 'laptop' } } as const

export const day = 86_400
