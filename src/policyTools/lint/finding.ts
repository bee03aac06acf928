import type { BundleProblem, ProblemCode } from '../../policy/problem.ts'

/** An error stops activation; a warning is most likely a mistake; a note is for whoever reviews. */
export type Level = 'error' | 'warning' | 'note'

/**
 * Everything that lint finds beside what the loader refuses (docs/policy-tools.md#lint). The code is stable; docs/policy-tools.md
 * lists them (a test compares).
 */
export const lintCodes = {
  'rule/contradiction': { level: 'error', means: 'The conditions of the rule can never be true together.' },
  'fact/impossible-text': {
    level: 'error',
    means: 'A text that the fact can never be, because of the form that Countersign gives it.',
  },
  'require/unsatisfiable': {
    level: 'error',
    means: 'A leg asks for more people than there are in its sets; for groups, only with --live.',
  },
  'grant/too-long': {
    level: 'error',
    means: 'A grant that would live for more than 5 minutes.',
  },
  'require/no-spare': {
    level: 'warning',
    means: 'With --live: a leg needs everybody in its sets, so none of them may be behind the action.',
  },
  'directory/nobody': {
    level: 'warning',
    means: 'With --live: a name that the policy uses stands for nobody now.',
  },
  'allow/admin-effect': {
    level: 'warning',
    means: 'A rule allows an action of effect admin; an error where the floor never lets it.',
  },
  'allow/unconditional': { level: 'warning', means: 'A rule allows an action whatever the request is.' },
  'allow/unbounded': {
    level: 'warning',
    means: 'A rule allows a number that it bounds on one side only, such as an amount below zero.',
  },
  'budget/unread': {
    level: 'warning',
    means: 'A budget that no rule reads: it decides nothing.',
  },
  'narrow/unasked': {
    level: 'warning',
    means: 'A parameter that approvers may lower, of an action about which nobody is asked.',
  },
  'allow/untied-resource': {
    level: 'warning',
    means: 'A rule allows by facts about a resource that need not be what will run.',
  },
  'allow/caller-hint': {
    level: 'warning',
    means: 'A rule allows by a hint that the caller gives about what it calls.',
  },
  'strict/lifted-by-text': {
    level: 'warning',
    means: 'A rule that asks or denies leaves out what a text says that nobody here executes.',
  },
  'allow/unreviewed-tool': {
    level: 'warning',
    means: 'A rule allows calls of MCP tools, reviewed or not.',
  },
  'require/untied-owner': {
    level: 'warning',
    means: 'The owner of a resource can approve, and the resource need not be what will run.',
  },
  'rule/mirror': {
    level: 'warning',
    means: 'A rule that allows and one that asks about the rest differ in a number only.',
  },
  'notify/after-expiry': {
    level: 'warning',
    means: 'A reminder comes when the request has already expired.',
  },
  'observe/stale': {
    level: 'warning',
    means: 'With --live: a rule has been observing for more than 30 days.',
  },
  'rule/dead-allow': {
    level: 'warning',
    means: 'An allow that never takes effect: a stricter rule always applies too.',
  },
  'rule/shadowed': {
    level: 'warning',
    means: 'Approval that is never asked for: a rule that denies always applies too.',
  },
  'rule/redundant': {
    level: 'warning',
    means: 'Another rule applies whenever this one does, and asks for as much.',
  },
  'rule/unreached': { level: 'warning', means: 'No request that was tried makes the rule apply.' },
  'rule/never-decisive': {
    level: 'warning',
    means: 'The rule applied to requests that were tried, and decided none of them.',
  },
  'audience/unreached': {
    level: 'warning',
    means: 'No grant is ever for this audience: one of the same id above takes all its types of resources.',
  },
  'audience/token-only': {
    level: 'note',
    means: 'A resource that redeems the token alone: nobody compares what runs with what was approved.',
  },
  'sensitive/shown': {
    level: 'warning',
    means: 'A condition reads a sensitive parameter, so people are shown its value.',
  },
  'defaults/implicit': {
    level: 'note',
    means: 'A rule about an admin action leaves its expiry, or the life of its grant, to the defaults.',
  },
  'environments/open': {
    level: 'note',
    means: 'Rules use the environment, and the bundle does not list which ones exist.',
  },
  'stop/nobody': {
    level: 'note',
    means: 'Agents are stopped by themselves, and the bundle names nobody who may stop one in Slack.',
  },
  'break-glass/past-approval': {
    level: 'note',
    means: 'A denial that one person may lift in an emergency, even where other rules ask for people.',
  },
  'style/description': {
    level: 'note',
    means: 'The description is not a sentence that an approver can read.',
  },
  'lint/bounded': {
    level: 'note',
    means: 'The bundle is too large to compare every pair of rules, or to try every request.',
  },
  'loosen/removed': {
    level: 'note',
    means: 'On a difference: a rule that asks or denies was removed.',
  },
  'loosen/weakened': {
    level: 'note',
    means:
      'On a difference: a rule may ask for less, or apply to less, or ask less than was asked without it.',
  },
  'loosen/unless': { level: 'note', means: 'On a difference: an exception was added or changed.' },
  'loosen/allow': {
    level: 'note',
    means: 'On a difference: a rule that allows is new, or may allow more.',
  },
  'loosen/bundle': {
    level: 'note',
    means: 'On a difference: an edit outside the rules can weaken what they ask, or whom.',
  },
  'loosen/tests': { level: 'note', means: 'On a difference: tests were removed or changed.' },
} as const satisfies Record<string, { level: Level; means: string }>

export type LintCode = keyof typeof lintCodes

/** One thing that lint has to say, and where. Lines and columns count from 1. */
export interface Finding {
  readonly level: Level
  readonly code: LintCode | ProblemCode
  /** Path relative to the bundle. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** Id of the rule, or null. */
  readonly rule: string | null
  /** A whole sentence, with the fix. */
  readonly message: string
  /** The line of the condition, newline, a caret below the place; null where no condition is meant. */
  readonly excerpt: string | null
}

/** A problem of the loader as a finding. */
export function findingOf(problem: BundleProblem, level: Level = 'error'): Finding {
  const { file, line, column, rule, code, message, excerpt } = problem
  return { level, code, file, line, column, rule, message, excerpt: excerpt ?? null }
}

/** Errors first, then by place. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const levels: readonly Level[] = ['error', 'warning', 'note']
  const before = (left: Finding, right: Finding): number =>
    levels.indexOf(left.level) - levels.indexOf(right.level) ||
    (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
    left.line - right.line ||
    left.column - right.column
  return [...findings].sort(before)
}
