import type { Source } from '../core/requirement.ts'
import type { Bundle } from './bundle.ts'

/** Whom a bundle lets register agents of their own in Slack; null where it names nobody: every full member may. */
export function registrarsOf({
  registrars,
  people,
}: Pick<Bundle, 'registrars' | 'people'>): readonly Source[] | null {
  return registrars.length === 0 ? null : registrars.flatMap((name) => people.get(name) ?? [])
}
