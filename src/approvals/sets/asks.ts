import type { AnyRequest } from '../../core/request.ts'
import type { ReasonDemand } from '../../core/requirement.ts'
import { joinReasons } from '../../policy/join.ts'

/** What an approval has to bring, of one request or of several at once: at least what each wants. */
export interface Asks {
  readonly reason: ReasonDemand | null
  readonly confirm: readonly string[]
}

export function asksOf(requests: readonly Pick<AnyRequest, 'requirement'>[]): Asks {
  return {
    reason: joinReasons(requests.flatMap(({ requirement }) => requirement?.reason ?? [])),
    confirm: textsToType(requests),
  }
}

/** Every text that one of these wants typed, once, in order. */
export function textsToType(requests: readonly Pick<AnyRequest, 'requirement'>[]): readonly string[] {
  return [...new Set(requests.flatMap(({ requirement }) => requirement?.confirm ?? []))]
}
