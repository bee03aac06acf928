import type { Bundle } from '../../policy/bundle.ts'
import type { Clause } from '../logic/clause.ts'
import { passes } from '../logic/domain.ts'
import type { Constant } from '../logic/formula.ts'
import { scalarFor, testsOf } from '../logic/witness.ts'

const ofResource = 'resource.environment'

/** Where a made-up request happens, and where its resource is said to be: the two never differ, or no rule is read. */
export interface ProbeEnvironment {
  readonly environment: string
  /** Absent where the way does not need it. */
  readonly ofResource?: string
}

/** An environment that the bundle knows and that most likely goes the way of the clause; null where there is none. */
export function environmentFor({ environments }: Bundle, way: Clause): ProbeEnvironment | null {
  const isAbsent = (way.get(ofResource) ?? []).some(({ is }) => is === 'absent')
  const isKnown = way.has(ofResource) && !isAbsent
  const tests = [...testsOf(way, 'environment'), ...(isKnown ? testsOf(way, ofResource) : [])]
  const likely = ['prod', ...(environments ?? [scalarFor(tests, 'text')])]
  const isOne = (one: Constant | null): one is string =>
    typeof one === 'string' && (environments?.includes(one) ?? true)
  const environment = likely.filter(isOne).find((one) => tests.every((test) => passes(one, test)))
  if (environment === undefined) return null
  return { environment, ...(isKnown && { ofResource: environment }) }
}
