import type { Path, Source } from './format/source.ts'

/** Every way a bundle can be wrong, and what that means. The code is stable; docs/policy.md lists them (a test compares). */
export const problemCodes = {
  'bundle/missing-file': 'A file that every bundle needs is not there.',
  'bundle/unknown-file': 'A file that is not part of the format.',
  'bundle/too-large': 'A file is over 1 MiB.',
  'yaml/syntax': 'The text is not YAML 1.2.',
  'yaml/duplicate-key': 'One mapping holds the same key twice.',
  'yaml/alias': 'An anchor or an alias.',
  'yaml/merge-key': 'A merge key (`<<`).',
  'yaml/tag': 'An explicit tag.',
  'yaml/tab': 'A tab character.',
  'yaml/directive': 'A YAML directive.',
  'yaml/many-documents': 'More than one document in a file.',
  'yaml/key': 'A key that is not text, or is `__proto__`.',
  'yaml/value': 'A value that has no JSON form.',
  'yaml/too-deep': 'Nested deeper than 32.',
  'schema/missing': 'A property that is needed is not there.',
  'schema/unknown-property': 'A property that the format does not have.',
  'schema/unsupported': 'Part of the language, but not supported by this version.',
  'schema/type': 'A value of the wrong type.',
  'schema/value': 'A value that is not allowed.',
  'rule/duplicate-id': 'Two rules have the same id.',
  'rule/needless': 'A rule that asks nobody says who to ask.',
  'rule/allow-by-text':
    'A rule allows by a text that nobody here executes: a plan of Terraform, or manifests of Kubernetes.',
  'match/unknown-action': 'An action or glob matches nothing in the catalogue.',
  'match/unknown-environment': 'An environment that `environments` of bundle.yaml does not list.',
  'match/never': 'The rule can never match.',
  'directory/unknown': 'A group, user, channel or set of people on call is not declared in `directory`.',
  'require/zero': 'A leg that asks for nobody.',
  'require/too-many': 'More than 6 legs or 10 people.',
  'require/duplicate-leg': 'Two legs of one rule have the same name or the same people.',
  'require/unknown-resource': 'A leg asks the owner of a resource that not every action of the rule names.',
  'escalate/after-expiry': 'An escalation that comes when the request has already expired.',
  'rule/no-break-glass':
    'A rule offers break-glass, and neither it nor the defaults say everything about the path.',
  'reason/no-hint': 'A reason has to match a pattern, and nothing says in words what the pattern asks for.',
  'activation/locked':
    'The action `policy.activate` is judged so that nobody could ever approve a change of the policy.',
  'activation/parameters':
    'The action `policy.activate` is declared in a way that no change of the policy could fit.',
  'activation/untested': 'The bundle has no tests.',
  'activation/unsupported': 'Accepted by the language, but a bundle that uses it cannot be made active.',
  'cel/syntax': 'The condition is not CEL.',
  'cel/unsupported': 'Part of CEL, but left out of this language.',
  'cel/unknown-identifier': 'A name that is not a fact.',
  'cel/unknown-field': 'A field that the fact does not have, or one declared opaque.',
  'cel/unknown-function': 'A function that is not in the language.',
  'cel/unknown-value': 'A text that the fact can never be.',
  'cel/unknown-window': 'A window that bundle.yaml does not declare.',
  'cel/type-mismatch': 'Types that do not go together.',
  'cel/not-bool': 'The condition is not true or false.',
  'cel/not-string': 'What has to be typed is not a text.',
  'cel/unguarded-optional': 'A fact that may be absent is read before `has()` has shown it.',
  'cel/budget': 'A number of a budget is used for something else than a comparison with a whole number.',
  'cel/may-fail': 'Something that could fail when it is evaluated.',
  'cel/dynamic-regex': 'A regular expression that is not a literal.',
  'cel/bad-regex': 'A regular expression that is not RE2.',
  'cel/shadowed-variable': 'A variable of a macro with the name of a fact or a function.',
  'cel/limit/length': 'A condition of more than 2,000 characters.',
  'cel/limit/nodes': 'A condition of more than 300 parts.',
  'cel/limit/depth': 'A condition nested deeper than 32.',
  'cel/limit/macros': 'More than 4 macros in a condition.',
  'cel/limit/nesting': 'A macro inside a macro.',
  'cel/limit/cost': 'Loops that do too much for every item.',
  'cel/limit/regex':
    'More than 4 regular expressions, one over 256 characters, or one in a macro that searches something else.',
  'cel/slow': 'The condition can take more than 5,000,000 steps on the largest request.',
  'budget/sum': 'What a budget adds up is not an amount of every one of its actions, in one currency.',
  'run/loosens':
    'A rule goes by what the run has read in a way that could let more happen the more it has read.',
  'run/no-window':
    'A rule goes by what the run has read, and bundle.yaml does not say for how long that counts.',
  'resource/duplicate': 'Two entries have the same pattern.',
  'name/look-alike': 'Two actions, environments or patterns of the inventory differ only by case or look.',
  'limit/rules': 'More than 2,000 rules.',
  'limit/actions': 'More than 500 actions.',
  'limit/resources': 'More than 2,000 resource entries.',
  'limit/candidates': 'More than 200 rules could apply to one action.',
} as const satisfies Record<string, string>

export type ProblemCode = keyof typeof problemCodes

/** One thing that is wrong with a bundle, where, and how to fix it. */
export interface BundleProblem {
  /** Path relative to the bundle. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** Id of the rule it is in, when it is in one that has an id. */
  readonly rule: string | null
  readonly code: ProblemCode
  readonly message: string
  /** The line of the condition, and a caret below the place; only where a condition is wrong. */
  readonly excerpt?: string
}

/** What is wrong at a path of a parsed file; `on: 'key'` points at the property's name instead of its value. */
export interface Fault {
  readonly path: Path
  readonly on?: 'key'
  readonly code: ProblemCode
  readonly message: string
}

/** A fault with its place in the file and the rule it belongs to. */
export function problemAt(source: Source, fault: Fault): BundleProblem {
  const { line, column } = source.place(fault.path, fault.on)
  return {
    file: source.file,
    line,
    column,
    rule: ruleAt(source, fault.path),
    code: fault.code,
    message: fault.message,
  }
}

/** A problem with a file as a whole. */
export function fileProblem(file: string, code: ProblemCode, message: string): BundleProblem {
  return { file, line: 1, column: 1, rule: null, code, message }
}

function ruleAt(source: Source, path: Path): string | null {
  const index = path[0]
  if (!Array.isArray(source.value) || typeof index !== 'number') return null
  const rule: unknown = source.value[index]
  const id = typeof rule === 'object' && rule !== null && 'id' in rule ? rule.id : null
  return typeof id === 'string' ? id : null
}
