import type { KnownNames } from '../../card/differences.ts'
import type { Bundle } from '../../policy/bundle.ts'

/** What the inventory says of names: an entry without a star that is public or internal is harmless where it is. */
export function knownNames(bundle: Bundle | null): KnownNames {
  const byType = [...(bundle?.inventory.exact.values() ?? [])]
  const entriesOf = (name: string) => byType.flatMap((ids) => ids.get(name) ?? [])
  return {
    isHarmless: (name, environment) => {
      const entries = entriesOf(name)
      return (
        entries.length > 0 &&
        entries.every(
          (one) => harmless.has(one.sensitivity) && (one.environment ?? environment) === environment,
        )
      )
    },
    names: new Set(byType.flatMap((ids) => [...ids.keys()])),
  }
}

const harmless: ReadonlySet<string> = new Set(['public', 'internal'])
