import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Store } from '../../approvals/ports.ts'
import { sqlFor } from '../../parsing/here.ts'
import type { Recorded } from '../../policyTools/simulation/recorded.ts'
import type { Thresholds } from '../../policyTools/suggest/said.ts'
import { type Suggestions, suggest } from '../../policyTools/suggest/suggest.ts'
import { hasteOf, suggestionLine, suggestText } from '../../policyTools/suggest/suggestText.ts'
import { runTests } from '../../policyTools/tests/runTests.ts'
import { withStore } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { StartFault } from '../../server/startFault.ts'
import { progressOn } from '../progress.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'
import { type Gathered, gather, gatheredFrom } from './simulate.ts'

export interface SuggestOptions {
  readonly format: Format
  /** Directory, or `active` for the bundle that judges now. */
  readonly base: string
  /** How many of the newest requests of the database to look at, where no file is given. */
  readonly last: number
  readonly times: number
  readonly deciders: number
  readonly days: number
  /** Seconds. */
  readonly hasty: number
  readonly limit: number
  /** Where to write the bundle with the suggestions. */
  readonly out?: string
}

/**
 * Says what the record suggests, and changes nothing: rules for what was always granted, or always denied.
 *
 * @throws StartFault where there is nothing to learn from, or the bundle does not pass its own tests
 */
export async function suggestCommand(file: string | undefined, options: SuggestOptions): Promise<Printed> {
  if (options.out !== undefined) emptyDirectory(options.out)
  if (options.base === 'active' || file === undefined)
    return withStore(readConfig(), (store) => suggestFrom(store, file, options))
  return suggested(gatheredFrom(options.base, file), file, options)
}

/** The same with the record of a store. */
export async function suggestFrom(
  store: Store,
  file: string | undefined,
  options: SuggestOptions,
): Promise<Printed> {
  return suggested(await gather(store, file, options), file, options)
}

async function suggested(
  { base, baseFiles, pages }: Gathered,
  file: string | undefined,
  options: SuggestOptions,
): Promise<Printed> {
  const readText = await sqlFor(baseFiles)
  const { failed, problems } = runTests(base, baseFiles, { mutants: false, readText })
  if (failed > 0 || problems.length > 0)
    throw new StartFault({
      problem: 'The bundle does not pass its own tests, so nothing can be proved beside them.',
      fix: `See which: countersign policy test ${options.base === 'active' ? 'DIR' : options.base}`,
    })
  const recorded: Recorded[] = []
  let erased = 0
  const progress = progressOn(process.stderr)
  for await (const page of pages) {
    recorded.push(...page.recorded)
    erased += page.erased
    progress.so(recorded.length, 'requests')
  }
  progress.end()
  if (!recorded.some(({ answer }) => answer)) throw nothingAnswered(file)
  const { times, deciders, days, hasty, limit, out } = options
  const thresholds: Thresholds = { times, deciders, days, hastySeconds: hasty }
  const found = suggest({ bundle: base, files: baseFiles }, recorded, { thresholds, limit, readText })
  if (out !== undefined) writeBundle(out, found)
  const left = erased > 0 ? `${erased} erased requests were left out\n` : ''
  const forms = {
    text: () => suggestText(found, out) + left,
    json: () => ({ ...jsonOf(found), erased }),
    github: () => annotations(found),
  }
  return printed(options.format, forms, 0)
}

function nothingAnswered(file: string | undefined): StartFault {
  if (file === undefined)
    return new StartFault({
      problem: 'No requests are recorded yet, so there is nothing to learn from.',
      fix: 'Run this again when people have decided for some weeks.',
    })
  return new StartFault({
    problem: `${file} does not say of any request what came of it.`,
    fix: `Write the file where requests are recorded: countersign policy simulate --head DIR --save ${file}`,
  })
}

/** A directory that has something in it may be somebody's policy. @throws StartFault */
function emptyDirectory(out: string): void {
  const refused = (problem: string, cause?: unknown) =>
    new StartFault({ problem, fix: 'Name a directory that is empty, or is not there yet: --out DIR', cause })
  try {
    mkdirSync(out, { recursive: true })
    if (readdirSync(out).length === 0) return
  } catch (cause) {
    throw refused(`${out} cannot be made.`, cause)
  }
  throw refused(`${out} has something in it.`)
}

/** Values of the record stand in it: only whoever runs this reads them. */
function writeBundle(out: string, { files }: Suggestions): void {
  for (const [path, text] of files) {
    const to = join(out, path)
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, text, { mode: 0o600 })
  }
}

function jsonOf({ suggestions, simulation, leftOut, unanswered }: Suggestions) {
  return {
    suggestions: suggestions.map((one) => ({
      verdict: one.verdict,
      rule: one.addition.rule.id,
      says: suggestionLine(one),
      times: one.decided.asked.length,
      deciders: one.decided.deciders,
      days: one.decided.days,
      median_seconds: one.decided.medianSeconds,
      hasty: one.decided.isHasty,
      changed: one.changed,
      yaml: one.addition.rule.yaml,
      exceptions: one.addition.exceptions.map(({ rule, file }) => ({
        rule,
        file,
        unless: one.addition.rule.exception,
      })),
    })),
    simulation,
    left_out: leftOut,
    unanswered,
  }
}

function annotations({ suggestions }: Suggestions): readonly Annotation[] {
  return suggestions.map((one) => ({
    level: 'notice',
    title: `suggestion: ${one.verdict} ${one.action}`,
    message: [suggestionLine(one), hasteOf(one) ?? '', one.addition.rule.yaml].join('\n'),
  }))
}
