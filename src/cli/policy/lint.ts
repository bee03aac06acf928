import { join } from 'node:path'
import { activationProblems } from '../../policyTools/activation/activation.ts'
import { lockedProblems } from '../../policyTools/activation/locked.ts'
import { type Finding, findingOf } from '../../policyTools/lint/finding.ts'
import { lintFiles } from '../../policyTools/lint/lintBundle.ts'
import type { Members } from '../../policyTools/lint/unsatisfiable.ts'
import { untested } from '../../policyTools/tests/untested.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { bundleWithFiles } from './bundleIn.ts'
import { lintText } from './lintText.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'

export interface LintOptions {
  readonly format: Format
  /** Directory of the bundle that this one would replace. */
  readonly base?: string
  /** Whether to ask Slack and the database how things are now. */
  readonly live?: boolean
}

/** What lint is told of the world as it is now. */
export interface Live {
  readonly members: Members
  readonly observedDays: ReadonlyMap<string, number>
  /** How many names of the directory were looked up. */
  readonly names: number
  /** How many activations of the record were looked at. */
  readonly activations: number
}

/** Everything there is to say about the bundle in a directory. Exit code 1 when something stops it from being active. */
export function lintCommand(directory: string, options: LintOptions): Printed {
  return lintPrinted(directory, readBundleDirectory(directory), { ...options, live: null })
}

type Given = Omit<LintOptions, 'live'> & { readonly live: Live | null }

/** The same for its files, which have been read, with live data where there is some. */
export function lintPrinted(
  directory: string,
  files: ReadonlyMap<string, string>,
  { format, base, live }: Given,
): Printed {
  const began = performance.now()
  const before = base === undefined ? null : bundleWithFiles(base)
  const { bundle, findings: found } = lintFiles(files, {
    ...(before && { base: before.bundle, baseFiles: before.files }),
    ...(live && { members: live.members, observedDays: live.observedDays }),
  })
  const findings = [
    ...(bundle ? [...activationProblems(bundle), ...lockedProblems(bundle), ...untested(files)] : []).map(
      (problem) => findingOf(problem),
    ),
    ...found,
  ]
  const forms = {
    text: () =>
      lintText(findings, { bundle, milliseconds: performance.now() - began, live: live && sayLive(live) }),
    json: () => ({
      bundle: bundle && { name: bundle.name, digest: bundle.digest },
      live: live && { names: live.names, activations: live.activations },
      findings,
    }),
    github: () => [
      ...findings.map((finding) => annotationOf(directory, finding)),
      ...(live ? [{ level: 'notice', title: 'policy lint', message: sayLive(live) } as const] : []),
    ],
  }
  return printed(format, forms, findings.some(({ level }) => level === 'error') ? 1 : 0)
}

function sayLive({ names, activations, observedDays }: Live): string {
  const looked = `live: ${names} name${names === 1 ? '' : 's'} of the directory looked up`
  const record = `${activations} activation${activations === 1 ? '' : 's'} of the record read`
  const observing = [...observedDays].map(([id, days]) => `${id} ${days}d`)
  return `${looked}, ${record}${observing.length > 0 ? `; observing for ${observing.join(', ')}` : ''}`
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
