import { join } from 'node:path'
import { activationProblems } from '../../policy/activation.ts'
import { type Finding, findingOf } from '../../policy/lint/finding.ts'
import { lintFiles } from '../../policy/lint/lintBundle.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { bundleIn } from './bundleIn.ts'
import { lintText } from './lintText.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'

export interface LintOptions {
  readonly format: Format
  /** Directory of the bundle that this one would replace. */
  readonly base?: string
}

/** Everything there is to say about the bundle in a directory. Exit code 1 when something stops it from being active. */
export function lintCommand(directory: string, { format, base }: LintOptions): Printed {
  const began = performance.now()
  const { bundle, findings: found } = lintFiles(readBundleDirectory(directory), {
    now: () => performance.now(),
    ...(base !== undefined && { base: bundleIn(base) }),
  })
  const findings = [
    ...(bundle ? activationProblems(bundle) : []).map((problem) => findingOf(problem)),
    ...found,
  ]
  const forms = {
    text: () => lintText(findings, { bundle, milliseconds: performance.now() - began }),
    json: () => ({ bundle: bundle && { name: bundle.name, digest: bundle.digest }, findings }),
    github: () => findings.map((finding) => annotationOf(directory, finding)),
  }
  return printed(format, forms, findings.some(({ level }) => level === 'error') ? 1 : 0)
}

/** A finding as an annotation on its line, with the path as it is in the repository. */
export function annotationOf(directory: string, finding: Finding): Annotation {
  const { level, code, rule, message, excerpt, file, line, column } = finding
  return {
    level: level === 'note' ? 'notice' : level,
    title: rule === null ? code : `${code} in ${rule}`,
    message: excerpt === null ? message : `${message}\n${excerpt}`,
    at: { file: join(directory, file), line, column },
  }
}
