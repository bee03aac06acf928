import { progressOf } from '../core/progress.ts'
import type { Entry } from '../ledger/entry.ts'
import { deviationPassages, reportPassages, revokedWords } from './execution.ts'
import { listed, nothing, ours, person, say, strong, type Text } from './span.ts'
import { approversOf } from './titles.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

/** Who says what, in their words; what became of the request by it is a sentence of ours. */
export function executionReported(view: RequestView, entry: Entry): Told | null {
  const execution = view.request.executions?.find((_, nth) => nth === entry.data.nth)
  if (!execution) return null
  const moved = typeof entry.data.moved_to === 'string' && typeof entry.data.says === 'string'
  const [first, ...rest] = reportPassages(view, execution)
  const reported = first && 'note' in first ? first.note : nothing
  const says =
    moved && typeof entry.data.says === 'string' ? say`${strong`${ours(entry.data.says)}`} ` : nothing
  return tell(say`${says}${reported}.`, rest)
}

/** Calls those who approved it and the agent's owner: it is about what they stand for. */
export function executionDeviated(view: RequestView, entry: Entry): Told | null {
  const { request } = view
  const execution = request.executions?.find((_, nth) => nth === entry.data.nth)
  if (!execution) return null
  const people = [...new Set([...approversOf(view), request.agent.owner])]
  const [first, ...rest] = deviationPassages(view, [execution])
  const says = first && 'line' in first ? first.line : nothing
  return tell(say`${says} ${listed(people.map((id) => [person(id)]))}: please look at this.`, rest)
}

/** In the words of its card; what policy says stands below. */
export function requestRevoked({ request }: RequestView): Told {
  const grant = request.grant ? say`Its grant is void.` : say`The agent has got no grant, and gets none.`
  return tell(say`${strong`Revoked.`} ${progressIn(request)} ${grant}`, revokedWords(request))
}

/** What has become of it, in the words of its card. */
export function progressIn(request: RequestView['request']): Text {
  const progress = progressOf(request)
  return progress === null ? nothing : [ours(progress)]
}
