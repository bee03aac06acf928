import { digestOf } from '../core/digest.ts'
import type { CurrentRequest } from '../core/request.ts'

/** Changes with every change of the request, and when people in it turn out to be one; never otherwise. */
export function entityTag({ id, version, renamed }: CurrentRequest): string {
  if (renamed.size === 0) return `"${id}-${version}"`
  const people = digestOf('countersign/renamed/v1', { people: [...renamed] })
  return `"${id}-${version}-${people.slice('sha256:'.length, 'sha256:'.length + 12)}"`
}

/** True when `If-None-Match` names this tag (RFC 9110 13.1.2: weak comparison, `*` is any). */
export function matchesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(tag)
}
