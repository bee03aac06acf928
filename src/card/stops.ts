import type { Passage } from './passage.ts'
import { onDay, ours, outside, say, strong, type Text, warning } from './span.ts'
import { prose } from './text.ts'

/** A stop as people are told of it, whatever is about to be asked. */
export interface ShownStop {
  readonly id: string
  /** `the agent nightly`, `everything`: names in it are from outside. */
  readonly what: string
  /** Whoever stopped it: a name from outside, or words of ours. */
  readonly by: string
  readonly since: string
  readonly reason: string
  readonly resumed: string | null
}

/** One after the other, those that hold first. */
export function stopPassages(stops: readonly ShownStop[]): readonly Passage[] {
  return stops.flatMap((stop) => [{ line: lineOf(stop) }, { quote: prose(stop.reason, 300) }])
}

function lineOf({ id, what, by, since, resumed }: ShownStop): Text {
  const whom = say`${outside(what, 160)}, by ${outside(by, 80)}, ${onDay(since)} (${ours(id)})`
  return resumed === null
    ? say`${warning} ${strong`Stopped`}: ${whom}`
    : say`${strong`Resumed`} ${onDay(resumed)}: ${whom}`
}
