import { type Finding, lintCodes } from './finding.ts'

/** What lint does much of, as the note calls it. */
const kinds = ['conditions', 'requests', 'pairs'] as const
type Work = (typeof kinds)[number]

/**
 * How much lint looks at in one bundle, so that every bundle within its limits is done in seconds. Counted in steps of a
 * few microseconds and never in time: the same bundle gives the same findings.
 */
export interface Budget {
  /** Whether so many steps are left, which are spent then; if not, one more is left out. */
  take(work: Work, steps: number): boolean
  /** Steps that were taken and not needed. */
  giveBack(work: Work, steps: number): void
  readonly refused: Readonly<Record<Work, number>>
}

/** Steps for each kind of work. */
const enough = { conditions: 600_000, requests: 1_500_000, pairs: 2_000_000 } as const satisfies Record<
  Work,
  number
>

/** `most`: fewer steps of each kind than there usually are. */
export function budgetOf(most = Number.POSITIVE_INFINITY): Budget {
  const refused = { conditions: 0, requests: 0, pairs: 0 }
  const spent = { conditions: 0, requests: 0, pairs: 0 }
  return {
    refused,
    take(work, steps) {
      const fits = spent[work] + steps <= Math.min(most, enough[work])
      if (fits) spent[work] += steps
      else refused[work] += 1
      return fits
    },
    giveBack(work, steps) {
      spent[work] -= steps
    },
  }
}

/** What was not looked at, in one note; nothing where everything was. */
export function bounded({ refused }: Budget): readonly Finding[] {
  const said = {
    conditions: `${refused.conditions} conditions were reasoned about only in part`,
    requests: `${refused.requests} made-up requests were not tried`,
    pairs: `${refused.pairs} pairs of rules were not compared`,
  }
  const left = kinds.filter((kind) => refused[kind] > 0).map((kind) => said[kind])
  if (left.length === 0) return []
  const code = 'lint/bounded'
  const message = `The bundle is too large for lint to look at everything: ${left.join(', ')}. What it says is true; there may be more to say.`
  const place = { file: 'bundle.yaml', line: 1, column: 1, rule: null }
  return [{ level: lintCodes[code].level, code, ...place, message, excerpt: null }]
}
