import { isOfWhole } from '../core/deviation.ts'
import { type Digest, shortDigest } from '../core/digest.ts'
import type { Deviation, Execution, ExecutionState } from '../core/execution.ts'
import type { Spender } from '../core/grant.ts'
import type { Json } from '../core/json.ts'
import { mask } from '../core/mask.ts'
import { deviationOf, progressOf } from '../core/progress.ts'
import { narrowLines } from './narrow.ts'
import { parameterLines } from './parameters.ts'
import type { Passage } from './passage.ts'
import { between, nothing, onDay, ours, outside, say, strong, type Text, warning } from './span.ts'
import { cut, hasHidden, prose, revealLine } from './text.ts'
import type { RequestView } from './view.ts'

/** How much a card shows of what came after the approval; the record has all of it. */
const most = { reports: 3, differences: 5, lines: 30, side: 300, links: 3, sentences: 5 } as const

/** What has become of the approval: one sentence, who has reported what, and what was done otherwise. */
export function executionOf(view: RequestView): readonly Passage[] {
  const progress = progressOf(view.request)
  return [
    ...(progress === null ? [] : [{ note: [...say`${ours(progress)}`, ...untilOf(view)] }]),
    ...reportedOf(view),
  ]
}

/** The same without that sentence, where one before it has said so. */
export function reportedOf(view: RequestView): readonly Passage[] {
  const { executions = [] } = view.request
  const shownReports = executions.slice(-most.reports)
  const more = executions.length - shownReports.length
  return [
    ...revokedWords(view.request),
    ...(more > 0
      ? [{ note: say`${more} earlier ${ours(more === 1 ? 'report is' : 'reports are')} not shown here.` }]
      : []),
    ...shownReports.flatMap((one) => reportPassages(view, one)),
    ...deviationPassages(view, executions),
  ]
}

/** By which rule policy has come to deny it, as the agent is told. */
export function revokedWords({ state, revokedBy, outcome }: RequestView['request']): readonly Passage[] {
  return state === 'revoked' && revokedBy === 'policy' && outcome !== null
    ? [{ quote: prose(outcome, 500) }]
    : []
}

/** A grant that is out can be redeemed until its token ends. */
function untilOf({ request: { state, grant } }: RequestView): Text {
  return state === 'approved' && grant ? say` It can be until ${onDay(grant.expiresAt)}.` : nothing
}

/** What a report says, as the words of whoever sent it. */
export function reportPassages({ request }: RequestView, execution: Execution): readonly Passage[] {
  const { at, note, links, late, result } = execution
  const after = late ? say`, late` : nothing
  const out = result === null ? nothing : say`, result sha256 ${ours(shortDigest(result))}`
  const by = sayReporter(request.grant?.audience, execution.by)
  return [
    { note: say`${by} reported${after}: ${ours(words[execution.state])}, ${onDay(at)}${out}` },
    ...(note === null
      ? []
      : [
          {
            note: say`${by} says (${ours(hasHidden(note) ? 'not checked; contains hidden characters' : 'not checked')}):`,
          },
        ]),
    ...(note === null ? [] : [{ quote: prose(note, 500) }]),
    ...linksOf(links),
  ]
}

const words = {
  started: 'it has begun',
  succeeded: 'it succeeded',
  failed: 'it failed',
} as const satisfies Record<ExecutionState, string>

/** A resource is known by whom its key is for. */
function sayReporter(audience: string | undefined, { kind, id }: Spender): Text {
  if (kind === 'agent') return say`The agent`
  return audience === undefined
    ? say`The resource ${ours(id)}`
    : say`The resource of ${outside(audience, 120)}`
}

/** Never links: whoever reports chose where they lead. */
function linksOf(links: readonly string[]): readonly Passage[] {
  if (links.length === 0) return []
  const more = links.length - most.links
  const hosts = links.slice(0, most.links).map((link) => [outside(link, 200)])
  return [
    {
      note: say`Links (not checked): ${between(hosts, ' , ')}${more > 0 ? say` and ${more} more` : nothing}`,
    },
  ]
}

/** What was done otherwise than approved, each deviation once; nothing where everything was as it should be. */
export function deviationPassages(view: RequestView, executions: readonly Execution[]): readonly Passage[] {
  const deviation = deviationOf(executions)
  if (!deviation) return []
  return [
    { line: say`${warning} ${strong`${ours(deviation.says)}`}` },
    ...deviationSentences(view, executions),
    ...tableOf(fieldsIn(executions)),
  ]
}

/** Those that are about no field of the action, unless the gravest says it already. */
export function deviationSentences(
  { request }: RequestView,
  executions: readonly Execution[],
): readonly Passage[] {
  const audience = request.grant?.audience
  const first = deviationOf(executions)?.kind
  const isSaid = ({ kind }: Deviation) => kind === first && kind !== 'contradiction'
  const said = executions.flatMap(({ deviations, by, state }) =>
    deviations.flatMap((one) =>
      one.kind === 'field' || isSaid(one) ? [] : [{ line: sentenceOf(one, { by, state, audience }) }],
    ),
  )
  return once(said).slice(0, most.sentences)
}

/** Each difference once, whoever reported it. */
export function fieldsIn(executions: readonly Execution[]): readonly Field[] {
  return once(
    executions.flatMap(({ deviations }) => deviations.flatMap((one) => (one.kind === 'field' ? [one] : []))),
  )
}

function once<T>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

type Field = Extract<Deviation, { readonly kind: 'field' }>

function sentenceOf(
  deviation: Exclude<Deviation, Field>,
  report: Pick<Execution, 'by' | 'state'> & { readonly audience: string | undefined },
): Text {
  if (deviation.kind === 'not_redeemed') return say`It was done without redeeming a grant for it.`
  if (deviation.kind === 'not_approved') return say`It was done without an approval.`
  const { audience } = report
  const first = sayReporter(audience, deviation.with)
  const second = sayReporter(audience, report.by)
  return say`${first} had said: ${ours(words[deviation.said])}. ${second} says: ${ours(words[report.state])}.`
}

/** By field: what was approved, and what was done. What does not fit is counted. */
function tableOf(fields: readonly Field[]): readonly Passage[] {
  if (fields.length === 0) return []
  const rows = fields.slice(0, most.differences).map(rowOf)
  const fitting = rows.filter((_, nth) => rows.slice(0, nth + 1).flat().length <= most.lines || nth === 0)
  const more = fields.length - fitting.length
  return [
    { lines: fitting.flat() },
    ...(more > 0 ? [{ note: say`and ${more} more ${ours(more === 1 ? 'difference' : 'differences')}` }] : []),
  ]
}

/** The name of a field begins with a slash, and no line of a value does. */
function rowOf(field: Field): readonly string[] {
  const sides = isOfWhole(field)
    ? [`  approved: ${shortOf(field.approved)}`, `  actual: ${shortOf(field.actual)}`]
    : [...side('approved', field.approved), ...side('actual', field.actual)]
  const name = isOfWhole(field) ? 'the whole action, sha256' : cut(revealLine(field.pointer), 200)
  return narrowLines([name, ...sides])
}

function side(name: string, value: Json | undefined): readonly string[] {
  if (value === undefined) return [`  ${name}: no such field`]
  const lines = parameterLines({ [name]: value }).map((line) => `  ${line}`)
  const text = lines.join('\n')
  return text.length <= most.side ? lines : cut(text, most.side).split('\n')
}

function shortOf(digest: Json | undefined): string {
  if (digest === mask) return mask
  return typeof digest === 'string' ? shortDigest(digest as Digest) : 'unknown' // as `digestDeviation` wrote it
}
