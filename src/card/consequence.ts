import { policyActivation } from '../core/action.ts'
import type { Json } from '../core/json.ts'
import { sayCompared } from './compared.ts'
import { differenceMarks, type WithPrecedent } from './earlierLines.ts'
import type { Facts } from './facts.ts'
import { type OddHost, oddHostsIn } from './hosts.ts'
import { previewMark } from './preview.ts'
import { readingLines } from './readings.ts'
import { type Compared, type Recorded, recordedOf } from './recorded.ts'
import { between, ours, outside, say, type Text, warning } from './span.ts'
import type { RequestView } from './view.ts'

/**
 * What will happen and how bad it can be: the first thing on a card. What is ours comes from the catalogue's classes and
 * the inventory, as the verdict kept them; the sentence is the policy's, the values are the request's.
 */
export interface Consequence {
  /** Said first, where there is one. */
  readonly sentence: Text | null
  /** `⚠ cannot be undone · ⚠ restricted data`. */
  readonly marks: Text
  /** How it differs from what people approved before. Nothing of this or what follows is left out without saying so. */
  readonly differences: readonly Text[]
  /** The values by which rules ask. */
  readonly values: readonly Text[]
  /** What was read of plans and manifests; of a change of policy what it can loosen. */
  readonly readings: readonly Text[]
}

const mostValues = 3

export function consequenceOf(view: WithPrecedent, facts: Facts, hosts: readonly OddHost[]): Consequence {
  const { request } = view
  const recorded = recordedOf(request)
  const isChange = request.action.action === policyActivation
  const marks = [
    ...effect(request.effect, recorded),
    ...reversibility(recorded),
    ...sensitivity(recorded),
    ...reach(recorded),
    ...afterReading(recorded),
    ...(recorded.ownerLeft ? [say`${warning} the agent's owner has left`] : []),
    ...(hosts.length > 0 ? [say`${warning} look-alike name`] : []),
    ...(facts.hidden ? [say`${warning} hidden characters`] : []),
    ...(request.preview ? [previewMark(request.preview)] : []),
  ]
  return {
    sentence: recorded.consequence === null ? null : [outside(recorded.consequence, 300)],
    marks: between(marks, ' · '),
    differences: differenceMarks(view),
    values: isChange ? [] : values(recorded),
    readings: isChange ? weakening(request.action.params.weakens) : readingLines(recorded),
  }
}

/** All of it: what will happen, how it differs from before, by which values it is asked, what was read of it. */
export function linesOfConsequence(consequence: Consequence): readonly Text[] {
  return [...glanceLines(consequence), ...consequence.readings, ...inOneLine(consequence.values)]
}

/** What a card says first; the rest stands below it. */
export function glanceLines({ sentence, marks, differences }: Consequence): readonly Text[] {
  return [...(sentence ? [sentence] : []), ...(marks.length > 0 ? [marks] : []), ...inOneLine(differences)]
}

function inOneLine(texts: readonly Text[]): readonly Text[] {
  return texts.length > 0 ? [between(texts, ' · ')] : []
}

/** By effect class of the catalogue, but for what only reads. */
const effectNames: Readonly<Record<string, string>> = {
  write: 'Changes something',
  admin: 'Changes rights or safeguards',
}

/**
 * That something only reads is said where nothing tells better what it does: the class is the catalogue's, and text that
 * is run as it comes may do anything.
 */
function effect(of: string | null, { consequence, destination }: Recorded): readonly Text[] {
  if (of === null) return [say`${warning} unknown action`]
  if (of !== 'read') return [say`${ours(effectNames[of] ?? 'Effect unknown')}`]
  if (consequence !== null) return []
  return [destination === null ? say`Reads` : say`Copies data out`]
}

function reversibility({ reversible }: Recorded): readonly Text[] {
  if (reversible === 'no') return [say`${warning} cannot be undone`]
  if (reversible === 'partly') return [say`${warning} can be undone only in part`]
  return reversible === 'yes' ? [say`can be undone`] : []
}

function sensitivity({ sensitivity: said }: Recorded): readonly Text[] {
  if (said === 'public' || said === 'internal') return [say`${ours(said)} data`]
  if (said === 'restricted' || said === 'secret') return [say`${warning} ${ours(said)} data`]
  return said === 'unknown' ? [say`${warning} not in the inventory`] : []
}

function reach({ destination }: Recorded): readonly Text[] {
  if (destination === null) return []
  return destination.reach === 'inside' ? [say`stays inside`] : [say`${warning} goes outside`]
}

/** Where a rule decided by what the run had read, which stands below with its times. */
function afterReading({ run, because }: Recorded): readonly Text[] {
  const goesByIt = [...because.values()].flat().some(isOfRun)
  const [strictest] = run?.reads ?? []
  if (!goesByIt || strictest === undefined) return []
  const { sensitivity: said } = strictest
  return [
    said === 'unknown'
      ? say`${warning} after reading what is not in the inventory`
      : say`${warning} after reading ${outside(said, 20)} data`,
  ]
}

function isOfRun({ path }: Compared): boolean {
  return path.startsWith('run.')
}

/** Of all rules, each fact once; what the marks say already, and what is only of a certain kind, stands with its rule. */
function values({ because }: Recorded): readonly Text[] {
  const all = [...because.values()].flat().filter((one) => !isPlain(one) && !isOfRun(one))
  const strictest = [...all].sort((a, b) => limitOf(b) - limitOf(a))
  const once = [
    ...new Map(strictest.reverse().map((one) => [one.path + kindOf(one), one])).values(),
  ].reverse()
  const said = sayCompared(once.map(withoutPattern))
  const more = said.length - mostValues
  return [
    ...said.slice(0, mostValues).map((one) => say`${warning} ${one}`),
    ...(more > 0 ? [say`and ${more} more`] : []),
  ]
}

/** That it fits a pattern is no news to whoever reads the value. */
function withoutPattern(one: Compared): Compared {
  return one.operator === 'matches' ? { ...one, operator: '==' } : one
}

function isPlain({ path, operator }: Compared): boolean {
  return (
    /^(resource|resources\.\w+)\.sensitivity$/.test(path) || path === 'resource.type' || operator === '=='
  )
}

function limitOf({ limit }: Compared): number {
  return typeof limit === 'number' ? Math.abs(limit) : -1
}

function kindOf({ limit, operator, value }: Compared): string {
  return typeof limit === 'number' ? operator.replace('=', '') : `${operator} ${JSON.stringify(value)}`
}

const mostWeakening = 5

/** What a change of the policy can loosen, one sentence each, as the comparison says. */
function weakening(said: Json | undefined): readonly Text[] {
  const all = Array.isArray(said) ? said.filter((one) => typeof one === 'string') : null
  if (all === null) return []
  if (all.length === 0) return [say`Nothing in it is known to loosen the policy.`]
  const more = all.length - mostWeakening
  return [
    ...all.slice(0, mostWeakening).map((one) => say`${warning} ${outside(one, 400)}`),
    ...(more > 0 ? [say`${warning} and ${more} more, below`] : []),
  ]
}

/** Of everything in the request that may name a host. */
export function oddHosts({ request }: RequestView, texts: readonly string[]): readonly OddHost[] {
  const { action, run, reason } = request
  return oddHostsIn([
    action.resource.id,
    ...texts,
    ...(run?.url ? [run.url] : []),
    ...(reason ? [reason] : []),
  ])
}
