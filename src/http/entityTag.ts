import type { ActionRequest } from '../core/request.ts'

/** Changes with every change of the request, and never otherwise. */
export function entityTag(request: ActionRequest): string {
  return `"${request.id}-${request.version}"`
}

/** True when `If-None-Match` names this tag (RFC 9110 13.1.2: weak comparison, `*` is any). */
export function matchesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(tag)
}
