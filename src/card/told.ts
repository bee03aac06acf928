import type { Passage } from './passage.ts'
import type { Text } from './span.ts'

/** One short line that needs no answer, and with it somebody's words. */
export interface Told {
  readonly line: Text
  readonly more: readonly Passage[]
}

export function tell(line: Text, more: readonly Passage[] = []): Told {
  return { line, more }
}
