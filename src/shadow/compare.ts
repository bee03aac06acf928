import { loadKept } from '../approvals/policy/keptBundle.ts'
import type { PolicyVersion } from '../approvals/records.ts'
import type { Compared, JudgedRequest } from '../approvals/shadow/judge.ts'
import type { Bundle } from '../policy/bundle.ts'
import { type ReadText, readOutside } from '../policy/readers/outside.ts'
import { addedTo, beside, type Counted } from '../policyTools/simulation/beside.ts'
import { type Recorded, recordedOf } from '../policyTools/simulation/recorded.ts'
import type { Pair } from './wire.ts'

/** Two bundles that were loaded, or why one of them was not. */
export type LoadedPair =
  | { readonly ok: true; readonly base: Bundle; readonly head: Bundle }
  | { readonly ok: false; readonly why: string }

export function loadedPair({ base, head }: Pair): LoadedPair {
  const [before, after] = [loaded(base), loaded(head)]
  if (typeof before === 'string') return { ok: false, why: before }
  if (typeof after === 'string') return { ok: false, why: after }
  return { ok: true, base: before, head: after }
}

/** The bundle, or what is wrong with it. */
function loaded(version: PolicyVersion): Bundle | string {
  const read = loadKept(version)
  if (read.ok) return read.bundle
  const [first] = read.problems
  const where = first ? ` (first of ${read.problems.length} problems: ${first.file}: ${first.message})` : ''
  return `this version of Countersign cannot load ${version.name}${where}`
}

/** What the candidate makes of some requests. Whatever it throws at one of them, the others are judged. */
export function compareAll(
  { base, head }: Extract<LoadedPair, { ok: true }>,
  requests: readonly JudgedRequest[],
  readText: ReadText | undefined,
): Compared {
  let counted: ReadonlyMap<string, Counted> = new Map()
  let failed = 0
  let why: string | null = null
  const fail = (because: string): void => {
    failed += 1
    why ??= because
  }
  for (const { id, action, agent, facts } of requests) {
    const recorded = recordedOf({ id, action, agent: { name: agent }, verdict: { facts } })
    if (!recorded) {
      fail('this version does not know the form of the facts of a request')
      continue
    }
    try {
      const kind = beside(base, head, readAsWanted(head, recorded, readText))
      counted = addedTo(counted, [{ ...kind, count: 1, examples: [id] }])
    } catch (fault) {
      // Not its message, which could hold what was asked.
      fail(`it threw ${fault instanceof Error ? fault.name : 'something'} for a request`)
    }
  }
  return { found: [...counted.values()], failed, why }
}

/** What the active bundle had read is in the facts; what only the candidate wants read is read here. */
function readAsWanted(head: Bundle, recorded: Recorded, readText: ReadText | undefined): Recorded {
  const { ask } = recorded
  const { read } = readOutside(head, ask.action, readText)
  return read ? { ...recorded, ask: { ...ask, read: { ...read, ...ask.read } } } : recorded
}
