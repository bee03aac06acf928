import type { Finding } from '../channels/finding.ts'
import { paint } from './say.ts'

/** What all findings of a look come to. What a person still has to judge is not fine because nothing is broken. */
export function conclusionOf(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ ok }) => !ok).length
  const toLookAt = findings.filter(({ ok, look }) => ok && look).length
  if (wrong > 0) return paint('red', `${wrong} of ${findings.length} need fixing.`)
  if (toLookAt > 0) return paint('yellow', `Nothing is broken; ${toLookAt} to look at.`)
  return paint('green', 'Everything is fine.')
}
