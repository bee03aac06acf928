import { type CredentialIssuer, TargetFault } from '../../src/approvals/leases/issuer.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { createGate } from './gate.ts'

/** A target in memory: what exists there, and how it misbehaves. */
export interface DoubleTarget extends CredentialIssuer {
  /** By lease: the secret that opens it. */
  readonly there: Map<string, string>
  /** How often it was asked for what. */
  readonly asked: string[]
  /** What the next calls meet, one after the other; after that everything works. */
  readonly next: Misbehaving[]
  /** It takes its time to issue, until the test lets it. */
  hold(): () => void
}

/**
 * `deaf`: it never got there. `late`: it did, and the answer is lost. `refuses`: it says no. Each once.
 */
type Misbehaving = 'deaf' | 'late' | 'refuses' | 'fine'

export function doubleTarget(given: Partial<CredentialIssuer> = {}): DoubleTarget {
  const { seconds = 600 } = given
  const there = new Map<string, string>()
  const asked: string[] = []
  const next: Misbehaving[] = []
  const gate = createGate()
  const call = async <T>(what: string, effect: () => T): Promise<T> => {
    asked.push(what)
    const now = next.shift() ?? 'fine'
    if (what === 'issue') await gate.passed()
    if (now === 'deaf') throw new TargetFault('nothing answers')
    if (now === 'refuses') throw new Refusal('target_refused', 'there is no such thing')
    const result = effect()
    if (now === 'late') throw new TargetFault('the answer is lost')
    return result
  }
  return {
    target: 'warehouse',
    issuer: 'double',
    audience: 'https://db.acme.test',
    ends: 'at once',
    seconds,
    longestSeconds: seconds,
    doesNotBind: 'anything',
    serves: ({ action }) => action === 'db.export',
    plan: (lease) => ({ name: `name-of-${lease}` }),
    issue: ({ id }, until) =>
      call('issue', () => {
        const secret = `the secret of ${id}`
        there.set(id, secret)
        return { credential: { secret }, toEnd: `what ends ${id}`, expiresAt: until }
      }),
    end: ({ id }) =>
      call('end', () => {
        there.delete(id)
        return 'gone'
      }),
    list: () => call('list', () => [...there.keys()].map((id) => ({ id, about: { name: `name-of-${id}` } }))),
    check: async () => [],
    ...given,
    there,
    asked,
    next,
    hold: gate.hold,
  }
}
