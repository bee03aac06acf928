import type { Json } from '../../core/json.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { Flow, Past } from './flows.ts'
import type { LeftOut } from './leftOut.ts'

/** Why something is never suggested to run by itself, however often people agreed; null where nothing speaks against it. */
export function harmOf({ floor }: Bundle, { known }: Flow, asked: readonly Past[]): LeftOut | null {
  if (known.effect === 'admin' || floor.neverAllowEffects.includes(known.effect)) return 'admin'
  return asked.some(({ readings }) =>
    [...readings.values()].some((reading) => reading.understood && goesFar(reading.facts)),
  )
    ? 'admin'
    : null
}

const grave = ['credentials', 'escalation', 'exposure']

/** By what was read: it destroys, it runs with the rights of somebody else, or it hands out or opens what it should not. */
function goesFar(facts: Readonly<Record<string, Json>>): boolean {
  const { tier, elevated, kind, writes, access, risks, credentials } = facts
  return (
    tier === 'destroy' ||
    elevated === true ||
    kind === 'delete' ||
    // What a SELECT writes on the way may be a DELETE too: its kind does not say.
    (kind === 'select' && Array.isArray(writes) && writes.length > 0) ||
    access === 'permissions' ||
    credentials === true ||
    (Array.isArray(risks) && risks.some((risk) => grave.includes(String(risk))))
  )
}

/** Values that nobody may be shown: of what is sensitive, and of what was hidden when it was decided. */
export function isSensitive({ known }: Flow, asked: readonly Past[]): boolean {
  const declared = known.params === 'open' ? [] : [...known.params.values()]
  return declared.some(({ sensitive }) => sensitive) || asked.some(({ answer }) => answer.hidden)
}
