import type { Fact } from './asking.ts'
import { knownAs } from './otherResources.ts'
import { recordedOf } from './recorded.ts'
import { atTime, between, say, shown } from './span.ts'
import { word } from './text.ts'
import type { RequestView } from './view.ts'

/** What the run had read when it asked this, where a rule goes by that: why a harmless-looking action is asked about. */
export function readBefore({ request }: Pick<RequestView, 'request'>): readonly Fact[] {
  const run = recordedOf(request).run
  if (run === null || run.reads.length === 0) return []
  const reads = run.reads.map(
    ({ at, type, id, sensitivity }) =>
      say`${shown(`${word(type)} ${word(id)}`, 200)} (${between([...knownAs(sensitivity), [atTime(at)]], ', ')})`,
  )
  const label = run.of === 'session' ? 'This run has read' : 'Its agent has read'
  return [{ label, value: between(reads, ', ') }]
}
