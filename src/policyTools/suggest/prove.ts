import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { type Evaluation, evaluate } from '../../policy/evaluate.ts'
import { loadBundle } from '../../policy/load.ts'
import { type ReadText, readOutside } from '../../policy/readers/outside.ts'
import type { Recorded } from '../simulation/recorded.ts'
import { someAgent } from '../standIn.ts'
import { runTests } from '../tests/runTests.ts'
import { type Addition, assembled, type Files } from './assemble.ts'
import type { Past } from './flows.ts'
import type { LeftOut } from './leftOut.ts'
import type { RuleText, Suggested } from './ruleText.ts'
import { isGranted, isRefused } from './said.ts'
import type { Sample } from './samples.ts'
import type { Expected } from './testsText.ts'

/** A rule that has still to be shown to do what it says. */
export interface Draft {
  readonly verdict: Suggested
  readonly rule: RuleText
  readonly exceptions: Addition['exceptions']
  readonly asked: readonly Past[]
  readonly inside: readonly Sample[]
  readonly outside: readonly Sample[]
}

/** What it is proved in: the bundle that it is for, what was suggested before it, and the record. */
export interface Ground {
  readonly base: Bundle
  readonly files: Files
  readonly before: readonly Addition[]
  /** All requests that the rule could be about. */
  readonly recorded: readonly Recorded[]
  readonly readText: ReadText | undefined
}

export type Proof =
  | {
      readonly proved: true
      readonly addition: Addition /** Ids, oldest first. */
      readonly changed: readonly string[]
    }
  | { readonly proved: false; readonly why: LeftOut }

/**
 * Loads the bundle with the suggestion, asks it about the record and about each test, and runs all tests, those of the bundle
 * too. What would flow and was ever refused takes the suggestion away.
 */
export function prove(draft: Draft, ground: Ground): Proof {
  const { rule, exceptions } = draft
  const untested = assembled(ground.files, [...ground.before, { rule, exceptions, tests: [] }])
  const head = untested && loaded(untested)
  if (!head) return { proved: false, why: 'unwritable' }
  const changed = changedBy(draft, ground, head)
  if (typeof changed === 'string') return { proved: false, why: changed }
  const tests = testsOf(draft, ground, head)
  if (typeof tests === 'string') return { proved: false, why: tests }
  const addition = { rule, exceptions, tests }
  const files = assembled(ground.files, [...ground.before, addition])
  const holds = files !== null && runTests(head, files, { mutants: false, readText: ground.readText }).ok
  return holds ? { proved: true, addition, changed } : { proved: false, why: 'contradicts' }
}

function loaded(files: Files): Bundle | null {
  // Tests have no part in what a bundle judges, and an empty file of them would be refused.
  const result = loadBundle(new Map([...files].filter(([file]) => !file.startsWith('tests/'))))
  return result.ok ? result.bundle : null
}

/** Which requests of the record the suggestion changes; or why that is more, or less, than it should be. */
function changedBy(
  { verdict, rule, asked }: Draft,
  { base, recorded }: Ground,
  head: Bundle,
): readonly string[] | LeftOut {
  const takes = (ask: Ask): boolean => decides(evaluate(head, ask), rule.id, verdict)
  if (!asked.every(({ recorded: { ask } }) => takes(ask))) return 'unwritable'
  const changed = recorded.filter(({ ask }) => takes(ask) && !decides(evaluate(base, ask), null, verdict))
  const spoken = changed.flatMap(({ answer }) => answer ?? [])
  if (verdict === 'allow' && spoken.some(isRefused)) return 'widens'
  if (verdict === 'deny' && spoken.some(isGranted)) return 'widens'
  return changed.map(({ id }) => id)
}

/** Whether a verdict is the one that is suggested, and by that rule; `null`: by whichever. */
function decides({ verdict }: Evaluation, rule: string | null, kind: Suggested): boolean {
  if (rule === null) return kind !== 'require_approval' && verdict.kind === kind
  return verdict.kind === kind && verdict.rules.includes(rule)
}

/** What was asked is decided by the rule; what differs in one thing is judged as it was before, and does not flow. */
function testsOf(
  { verdict, rule, inside, outside }: Draft,
  { base, readText }: Ground,
  head: Bundle,
): readonly Expected[] | LeftOut {
  const expected: Expected[] = []
  for (const { says, ask } of inside) {
    const anybody = byAnybody(head, ask, readText)
    const { verdict: said } = evaluate(head, anybody)
    if (said.kind !== verdict || !said.rules.includes(rule.id)) return 'unwritable'
    expected.push({ name: `${rule.id}: ${says}`, ask: anybody, verdict: said })
  }
  for (const { says, ask } of outside) {
    const anybody = byAnybody(head, ask, readText)
    const [before, after] = [evaluate(base, anybody).verdict, evaluate(head, anybody).verdict]
    if (after.rules.includes(rule.id)) return 'widens'
    if (before.kind !== 'allow') expected.push({ name: `${rule.id}: ${says}`, ask: anybody, verdict: after })
  }
  return expected
}

/** The same asked by a person who does not exist, as a test says it. */
function byAnybody(bundle: Bundle, { action, agent, at }: Ask, readText: ReadText | undefined): Ask {
  const somebody = { id: 'U0SOMEBODY', email: 'somebody@example.test', groups: [] }
  return {
    action,
    agent: { id: someAgent, name: agent.name, tags: agent.tags ?? [], model: null, owner: somebody },
    initiator: { ...somebody, kind: 'human' },
    request: { reason: null, source: 'api' },
    at: new Date(at).toISOString(),
    ...readOutside(bundle, action, readText),
  }
}
