import type { LintCode } from '../../../src/policyTools/lint/finding.ts'
import type { LintOptions } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleYaml } from '../../policy/files.ts'
import { environments, type Seed, windows } from './seed.ts'

/** A bundle with one defect, which one code names. */
export interface Defect {
  readonly code: LintCode
  readonly what: string
  readonly seeds: readonly Seed[]
  readonly options?: LintOptions
  readonly bundle?: string
  /** The same with the defect fixed: nothing is found. */
  readonly fixed: readonly Seed[]
  readonly fixedOptions?: LintOptions
  readonly fixedBundle?: string
  /** Id of the rule that is named, or null; the seeded one when left out. */
  readonly rule?: null
}

/** Asks one, and two, of the data group. */
export const owner = '  require: {approvals: [{name: data, from: [group:data], count: 1}]}\n'
export const two = owner.replace('count: 1', 'count: 2')

export const withoutFloor =
  bundleYaml.replace('  never_allow_effects: [admin]\n', '') + environments + windows

/** A rule that asks, a denial of less, and how one person may lift that denial. */
export const asking: Seed = { id: 'a.asks', when: 'params.rows > 10', more: owner }
export const lifting: Seed = { when: 'params.rows > 100', verdict: 'deny' }
export const path =
  '  override: break_glass\n  break_glass: {who: [group:security], reason: {min_length: 20}, grant: {ttl: 3m}, notify: [channel:security], review_within: 1d}\n'
