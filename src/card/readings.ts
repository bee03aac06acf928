import type { Json, JsonObject } from '../core/json.ts'
import type { Recorded } from './recorded.ts'
import { between, listed, nothing, ours, outside, say, type Text, warning } from './span.ts'

/**
 * What was read of parameters, one line each: what a plan does (what it destroys first, because that is what cannot be taken
 * back), and what manifests ask for. Addresses and names are the agent's.
 */
export function readingLines({ readings }: Pick<Recorded, 'readings'>): readonly Text[] {
  return readings.flatMap((one) => {
    const lines = Object.hasOwn(told, one.reads) ? told[one.reads]?.(one.facts) : undefined
    const [first, ...others] = lines ?? []
    return first ? [say`${outside(one.param, 64)}: ${first}`, ...others] : []
  })
}

/** Why parameters were not understood, with the place: a rule that would have let it flow had nothing to go by. */
export function unreadLines({ unread }: Pick<Recorded, 'unread'>): readonly Text[] {
  return unread.map(({ param, why, at, isTool }) => {
    if (isTool) return say`${warning} ${outside(param, 64)}: ${outside(why, 300)}`
    const place = at === null ? nothing : say` (character ${at + 1})`
    return say`${warning} ${outside(param, 64)} was not understood: ${outside(why, 300)}${place}`
  })
}

/** By the name of the reader; what one that is not known here told is left out. */
const told: Readonly<Record<string, (facts: JsonObject) => readonly Text[]>> = {
  terraform_plan: planLines,
  kubernetes: manifestLines,
}

/** In the order in which Terraform says them. */
const planned = [
  ['creates', 'to add'],
  ['updates', 'to change'],
  ['replaces', 'to replace'],
  ['destroys', 'to destroy'],
  ['forgets', 'to forget'],
  ['imports', 'to import'],
  ['moves', 'to move'],
] as const

function planLines({
  counts,
  complete,
  applyable,
  errored,
  provisioners,
  ...addresses
}: JsonObject): readonly Text[] {
  const numbers = objectIn(counts)
  const said = planned.flatMap(([name, words]) => {
    const count = numberIn(numbers[name])
    return count > 0 ? [say`${ours(count.toLocaleString('en'))} ${ours(words)}`] : []
  })
  const marks = [
    ...(errored === true ? [say`${warning} planning failed`] : []),
    ...(complete === false ? [say`${warning} not all of it is planned yet`] : []),
    ...(applyable === false ? [say`it cannot be applied`] : []),
    ...(textsIn(provisioners).length > 0 ? [say`${warning} its resources run ${names(provisioners)}`] : []),
  ]
  return [
    said.length > 0 ? between(said, ', ') : say`no changes`,
    ...first('to destroy', addresses.destroyed, numberIn(numbers.destroys)),
    ...first('to replace', addresses.replaced, numberIn(numbers.replaces)),
    ...first('to forget, and to leave running', addresses.forgotten, numberIn(numbers.forgets)),
    ...(marks.length > 0 ? [between(marks, ' · ')] : []),
  ]
}

/** Names people read at a glance: so many of them are told. */
const mostNamed = 5

function first(words: string, addresses: Json | undefined, count: number): readonly Text[] {
  const shown = textsIn(addresses).slice(0, mostNamed)
  if (shown.length === 0) return []
  const more = count - shown.length
  const all = [...shown.map((one) => [outside(one, 80)]), ...(more > 0 ? [say`${more} more`] : [])]
  return [say`${warning} ${ours(words)}: ${listed(all)}`]
}

const verbs: Readonly<Record<string, string>> = {
  create: 'creates',
  apply: 'applies',
  replace: 'replaces',
  patch: 'patches',
  delete: 'deletes',
}

function manifestLines(facts: JsonObject): readonly Text[] {
  const { verb, dry_run: dryRun, count, objects, privileged, host, webhooks } = facts
  const number = numberIn(count)
  const named = listIn(objects).slice(0, mostNamed).map(objectIn).map(sayObject)
  const more = number - named.length
  const all = listed([...named, ...(more > 0 ? [say`${more} more`] : [])])
  const does = ours(verbs[`${verb}`] ?? 'changes')
  const run = dryRun === true ? say` (a dry run, of which nothing is kept)` : nothing
  const marks = [
    ...(privileged === true ? [say`${warning} privileged containers`] : []),
    ...(textsIn(host).length > 0 ? [say`${warning} reaches into the host: ${names(host)}`] : []),
    ...(textsIn(facts.host_paths).length > 0
      ? [say`${warning} paths of the host: ${names(facts.host_paths)}`]
      : []),
    ...(textsIn(facts.capabilities).length > 0 ? [say`${warning} adds ${names(facts.capabilities)}`] : []),
    ...(textsIn(facts.rights).length > 0 ? [say`${warning} gives rights: ${names(facts.rights)}`] : []),
    ...(webhooks === true ? [say`${warning} changes what may change the cluster’s objects`] : []),
  ]
  return [say`${does} ${all}${run}`, ...(marks.length > 0 ? [between(marks, ' · ')] : [])]
}

function sayObject({ kind, name, namespace }: JsonObject): Text {
  const place = namespace === '' ? nothing : say` in ${outside(`${namespace}`, 63)}`
  return say`${outside(`${kind}`, 63)} ${outside(`${name}`, 80)}${place}`
}

function names(list: Json | undefined): Text {
  const texts = textsIn(list)
  const more = texts.length - mostNamed
  const said = texts.slice(0, mostNamed).map((one) => [outside(one, 80)])
  return listed([...said, ...(more > 0 ? [say`${more} more`] : [])])
}

function numberIn(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function textsIn(value: Json | undefined): readonly string[] {
  return listIn(value).filter((one) => typeof one === 'string')
}

function objectIn(value: Json | undefined): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : {} // neither a list nor null
}
