import { firstPoints } from '../../card/text.ts'
import type { Deviation, Execution } from '../../core/execution.ts'
import type { Json } from '../../core/json.ts'
import { progressOf } from '../../core/progress.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { newEntry, requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Reporter } from './reporter.ts'

/** Whatever somebody sends, an entry can be written: names of fields come from outside, and may be as long as a body. */
const shownPointers = { most: 20, longest: 200 } as const

/**
 * What is written down of a report: what it says, with everything from outside beside the leaf; and, where it is not what was
 * approved, that the agent deviated, which is counted by its subject.
 */
export function reportEntries(
  ports: Ports,
  reported: {
    readonly before: ActionRequest
    readonly next: ActionRequest
    readonly execution: Execution
    readonly by: Reporter
  },
): readonly NewEntry[] {
  const { before, next, execution, by } = reported
  const { state, late, deviations, links, note, action, digest, result } = execution
  const actor = { kind: by.kind, id: by.id, via: by.via }
  const nth = (next.executions?.length ?? 0) - 1
  const said = requestEntry(ports, next, {
    type: 'execution.reported',
    actor,
    data: {
      nth,
      state,
      ...(before.state !== next.state && { moved_to: next.state }),
      ...(late && { late }),
      // What it would be compared with is gone.
      ...(before.erased && { of_erased: true, compared: false }),
      says: progressOf(next),
      deviations: deviations.length,
    },
    kept: {
      action: action && { ...action, resource: { ...action.resource } },
      digest,
      result,
      links: links.length > 0 ? [...links] : null,
      note,
    },
  })
  if (deviations.length === 0) return [said]
  const deviated = newEntry(
    ports,
    {
      type: 'execution.deviated',
      actor,
      subject: { kind: 'agent', id: next.agent.id },
      data: {
        nth,
        kinds: [...new Set(deviations.map(({ kind }) => kind))],
        pointers: pointersOf(deviations),
        deviations: deviations.length,
      },
      kept: { deviations: deviations.map(jsonOf) },
    },
    next,
  )
  return [said, deviated]
}

function pointersOf(deviations: readonly Deviation[]): readonly string[] {
  return deviations
    .flatMap((one) => (one.kind === 'field' ? [firstPoints(one.pointer, shownPointers.longest)] : []))
    .slice(0, shownPointers.most)
}

function jsonOf(deviation: Deviation): Json {
  return deviation.kind === 'contradiction' ? { ...deviation, with: { ...deviation.with } } : { ...deviation }
}
