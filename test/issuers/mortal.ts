import type { CredentialIssuer } from '../../src/approvals/leases/issuer.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { LeaseWorld } from '../approvals/leases/leaseWorld.ts'

/** Credentials end by the clock of their target. */
export function toTheTargetsTime({ clock }: Pick<LeaseWorld, 'clock'>): void {
  clock.advance((Date.now() - clock().getTime()) / 1_000)
}

class Killed extends Error {}

/** Ports of a process that dies at its nth effect; dead, it does nothing more. */
export function mortal(
  ports: Ports,
  issuer: CredentialIssuer,
  at: { readonly nth: number; readonly when: 'before' | 'after' },
) {
  let effects = 0
  let dead = false
  const step = async <T>(effect: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed()
    effects += 1
    if (effects !== at.nth) return effect()
    dead = true
    if (at.when === 'after') await effect()
    throw new Killed()
  }
  const store: Store = { ...ports.store, commit: (change) => step(() => ports.store.commit(change)) }
  const target: CredentialIssuer = {
    ...issuer,
    issue: (lease, until) => step(() => issuer.issue(lease, until)),
    end: (lease, toEnd) => step(() => issuer.end(lease, toEnd)),
  }
  return { ports: { ...ports, store, targets: [target] }, died: () => dead }
}

export const steps = [1, 2, 3, 4, 5].flatMap((nth) =>
  (['before', 'after'] as const).map((when) => ({ nth, when })),
)
