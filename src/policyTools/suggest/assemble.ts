import { withException } from './exception.ts'
import type { RuleText } from './ruleText.ts'
import { type Expected, testsText } from './testsText.ts'

export type Files = ReadonlyMap<string, string>

/** A rule, the rules that have to leave it out, and the tests that hold it. */
export interface Addition {
  readonly rule: RuleText
  /** Rules that ask about what it allows, and the files that they stand in. */
  readonly exceptions: readonly { readonly rule: string; readonly file: string }[]
  readonly tests: readonly Expected[]
}

/** The files of a bundle with what is added: rules and tests in files of their own. Null where a rule cannot have an exception. */
export function assembled(files: Files, additions: readonly Addition[]): Files | null {
  const changed = new Map(files)
  for (const { rule, exceptions } of additions)
    for (const one of exceptions) {
      const text = withException(changed.get(one.file) ?? '', one.rule, rule.exception)
      if (text === null) return null
      changed.set(one.file, text)
    }
  if (additions.length === 0) return changed
  const own = freeName(files)
  changed.set(`rules/${own}`, rulesFile(additions))
  changed.set(`tests/${own}`, testsText(additions.flatMap(({ tests }) => tests)))
  return changed
}

export function rulesFile(additions: readonly Pick<Addition, 'rule'>[]): string {
  return additions.map(({ rule }) => rule.yaml).join('\n')
}

/** Suggestions that somebody took over before stay where they are. */
function freeName(files: Files): string {
  const isTaken = (name: string) => files.has(`rules/${name}`) || files.has(`tests/${name}`)
  let name = 'suggested.yaml'
  for (let count = 2; isTaken(name); count += 1) name = `suggested-${count}.yaml`
  return name
}
