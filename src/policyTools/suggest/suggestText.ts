import { formatDuration } from '../../core/duration.ts'
import { shortJson } from '../../core/shortJson.ts'
import { rulesFile } from './assemble.ts'
import { leftOutSays } from './leftOut.ts'
import type { Suggestion, Suggestions } from './suggest.ts'
import { testsText } from './testsText.ts'

/** How suggestions read in a terminal (docs/policy-tools.md#suggest). `out`: the directory they were written to. */
export function suggestText(found: Suggestions, out: string | undefined): string {
  const { suggestions, simulation, leftOut, unanswered } = found
  const { replayed, loosened, tightened, unchanged } = simulation
  const count = suggestions.length
  const lines = [
    `${count} suggestion${count === 1 ? '' : 's'} from ${replayed} request${replayed === 1 ? '' : 's'}`,
    ...suggestions.flatMap((one, index) => ['', ...ofOne(one, index + 1, out === undefined)]),
    '',
    ...(count > 0
      ? [
          `All of them together, over the record: ${loosened} would have been let through more easily, ${tightened} less, ${unchanged} as before; none of those was ever refused.`,
          'They load, pass lint as the bundle does, and all tests pass, its own and theirs.',
        ]
      : []),
    ...(leftOut.length > 0 ? ['', 'Nothing is suggested for'] : []),
    ...leftOut.map(
      ({ why, kinds, requests }) =>
        `${String(requests).padStart(8)} in ${kinds} kind${kinds === 1 ? '' : 's'} that ${leftOutSays[why]}`,
    ),
    ...(unanswered > 0
      ? [`${String(unanswered).padStart(8)} of which the record does not say what came of them`]
      : []),
    '',
    ...(count > 0 ? nextSteps(out) : []),
    'The record does not say whether people read what they granted, or why they did. Nothing was changed: people decide.',
  ]
  return `${lines.join('\n')}\n`
}

function nextSteps(out: string | undefined): readonly string[] {
  return out === undefined
    ? ['To have them as files beside those of the bundle: --out DIR.']
    : [
        `The bundle with all of them is in ${out}. Read each, remove what should still ask, and propose the rest:`,
        `  countersign policy activate ${out} --by <you>`,
      ]
}

/** What a line says of a suggestion, proved or not. */
export type Line = Pick<Suggestion, 'verdict' | 'action' | 'agent' | 'environment' | 'resources' | 'decided'>

/** One line for a list. */
export function suggestionLine({ verdict, action, agent, environment, resources, decided }: Line): string {
  const { asked, deciders, days, medianSeconds } = decided
  const about = resources
    .slice(0, 3)
    .map((id) => shortJson(id, 60))
    .join(', ')
  const more = resources.length > 3 ? ' and others' : ''
  return `${action} by ${agent} in ${environment}, about ${about}${more}: ${saidTimes[verdict](asked.length)} by ${deciders} people in ${days} days, ${formatDuration(medianSeconds)} to decide in the median`
}

const saidTimes: Readonly<Record<Suggestion['verdict'], (times: number) => string>> = {
  allow: (times) => `granted ${times} times, always,`,
  deny: (times) => `denied ${times} times, always,`,
  require_approval: (times) => `denied ${times} times, more often than granted,`,
}

/** Said where people hardly had the time to read. */
export function hasteOf({ decided }: Pick<Suggestion, 'decided'>): string | null {
  return decided.isHasty
    ? `In the median it took ${formatDuration(decided.medianSeconds)} to decide: maybe nobody read it. That is no reason to let it run.`
    : null
}

function ofOne(one: Suggestion, number: number, whole: boolean): readonly string[] {
  const { verdict, addition, decided, changed } = one
  const hasty = hasteOf(one)
  const would = { allow: 'flowed', deny: 'been denied', require_approval: 'asked for a reason' }[verdict]
  const [first, last] = [changed[0], changed.at(-1)]
  const span = first === undefined ? '' : first === last ? ` (${first})` : ` (${first} … ${last})`
  const waived = addition.exceptions.map(({ rule }) => rule).join(', ')
  return [
    `${number}. ${verdict}: ${suggestionLine(one)}`,
    ...(hasty === null ? [] : [`   ! ${hasty}`]),
    `   ${changed.length} of the record would have ${would}${span}; ${decided.asked.length} were decided so`,
    ...(waived === '' ? [] : [`   excepted from ${waived}`]),
    ...(whole ? shown(one) : [`   ${addition.rule.id}`]),
  ]
}

function shown({ addition }: Suggestion): readonly string[] {
  const files = [
    ['rules/suggested.yaml', rulesFile([addition])],
    ...addition.exceptions.map(({ rule, file }) => [
      `${file}, into ${rule}`,
      `unless: |\n${addition.rule.exception
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')}\n`,
    ]),
    ['tests/suggested.yaml', testsText(addition.tests)],
  ] as const
  return files.flatMap(([name = '', text = '']) => [
    '',
    `   # ${name}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `   ${line}`),
  ])
}
