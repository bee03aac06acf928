import type { Bundle, Rule } from '../../policy/bundle.ts'
import { loadBundle } from '../../policy/load.ts'
import type { Store } from '../ports.ts'

const day = 86_400_000
/** Entries that are read at first; four times as many each time that does not reach back far enough. */
const firstPage = 50

/** For how many whole days each rule has been observing, by id, and how many activations had to be looked at for it. */
export interface Observed {
  readonly days: ReadonlyMap<string, number>
  readonly activations: number
}

/**
 * For how long the rules that observe in a bundle have been doing so in the active ones, without a break, from the record
 * of activations. A version that this program cannot load is a break: what it did is not known. Rules of the bundle that
 * do not observe yet are left out.
 */
export async function observedDays(
  store: Pick<Store, 'policyEntries' | 'policyVersion'>,
  { rules }: Pick<Bundle, 'rules'>,
  now: Date,
): Promise<Observed> {
  const since = new Map<string, number>()
  let running = observing(rules)
  let looked = 0
  for await (const { digest, at } of activations(store)) {
    if (running.size === 0) break
    looked += 1
    const version = await store.policyVersion(digest)
    const loaded = version && loadBundle(new Map(Object.entries(version.files)))
    const then = loaded?.ok ? observing(loaded.bundle.rules) : new Set<string>()
    running = new Set([...running].filter((id) => then.has(id)))
    for (const id of running) since.set(id, at)
  }
  const days = [...since].map(([id, at]) => [id, Math.floor((now.getTime() - at) / day)] as const)
  return { days: new Map(days), activations: looked }
}

function observing(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(rules.filter(({ mode }) => mode === 'observe').map(({ id }) => id))
}

/** Which bundle was active from when, newest first. */
async function* activations(
  store: Pick<Store, 'policyEntries'>,
): AsyncGenerator<{ readonly digest: string; readonly at: number }> {
  let told = 0
  for (let limit = firstPage; ; limit *= 4) {
    const entries = await store.policyEntries(limit)
    for (const { type, subject, ts } of entries.slice(told))
      if (type === 'policy.activated') yield { digest: subject.id, at: Date.parse(ts) }
    told = entries.length
    if (entries.length < limit) return
  }
}
