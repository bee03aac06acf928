import type { Path, Source } from './yaml.ts'

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
  'schema/unsupported': 'Part of the language, but not of this version.',
  'schema/type': 'A value of the wrong type.',
  'schema/value': 'A value that is not allowed.',
  'rule/duplicate-id': 'Two rules have the same id.',
  'rule/needless': 'A rule that asks nobody says who to ask.',
  'match/unknown-action': 'An action or glob fits nothing in the catalogue.',
  'match/never': 'The rule can never match.',
  'directory/unknown': 'A group, user or channel is not declared in `directory`.',
  'require/zero': 'A leg that asks for nobody.',
  'require/too-many': 'More than 6 legs or 10 people.',
  'require/duplicate-leg': 'Two legs of one rule have the same name or the same people.',
  'resource/duplicate': 'Two entries have the same pattern.',
  'limit/rules': 'More than 2,000 rules.',
  'limit/actions': 'More than 500 actions.',
  'limit/resources': 'More than 2,000 resource entries.',
  'limit/candidates': 'More than 200 rules could apply to one action.',
} as const satisfies Record<string, string>

export type ProblemCode = keyof typeof problemCodes

/** One thing that is wrong with a bundle, where, and how to mend it. */
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
