import { formatDuration } from '../../core/duration.ts'
import type { Source } from '../../core/requirement.ts'
import type { Audience, Bundle } from '../../policy/bundle.ts'
import type { CatalogueAction, Param, ParamType } from '../../policy/catalogue.ts'
import type { CataloguedTool } from '../../policy/mcp/reviewedTool.ts'
import { entriesOf, type InventoryEntry } from '../../policy/resources.ts'
import type { Window } from '../../policy/time.ts'
import { sayOtherResource } from './actionEdits.ts'
import { changedLines, type Properties } from './changedLines.ts'
import { ofDemand, type Written, written } from './ruleChanges.ts'

/**
 * What differs between two bundles outside their rules, one line for each thing: where a name of the directory leads now,
 * what is longer, known, or less sensitive. For the people who decide about a change.
 */
export function bundleChanges(base: Bundle, head: Bundle): readonly string[] {
  return changedLines(partsOf(base), partsOf(head))
}

function partsOf(bundle: Bundle): ReadonlyMap<string, Properties> {
  const { people, channels, windows, catalogue } = bundle
  const directory = new Map([
    ...[...people].map(([ref, source]) => [ref, saySource(source)] as const),
    ...[...channels].map(([ref, addresses]) => [ref, addresses.join(' and ')] as const),
  ])
  return new Map<string, Properties>([
    ['bundle', new Map(written(ofBundle(bundle)))],
    [
      'defaults',
      new Map(
        written([
          ...ofDemand(bundle.defaults, bundle),
          ...ofBrakes(bundle),
          ['owner_left', bundle.ownerLeft],
        ]),
      ),
    ],
    ['floor', new Map(written(ofFloor(bundle)))],
    ['audiences', new Map(bundle.audiences.map((one, nth) => [`${nth + 1}`, sayAudience(one)]))],
    ['stop', new Map(written(ofStop(bundle)))],
    ['directory', directory],
    ['windows', new Map([...windows].map(([window, said]) => [window, sayWindow(said)]))],
    ['actions', new Map([...catalogue].map(([action, said]) => [action, sayAction(said)]))],
    ['tools', new Map([...bundle.servers].flatMap(toolsOf))],
    ['resources', new Map(entriesOf(bundle.inventory).map((entry) => [sayMatch(entry), sayEntry(entry)]))],
  ])
}

function saySource(source: Source): string {
  const mention = source.kind === 'oncall' ? undefined : source.mention
  return mention === undefined ? source.address : `${source.address}, mentioned as ${mention}`
}

function toolsOf([server, tools]: readonly [
  string,
  ReadonlyMap<string, CataloguedTool>,
]): readonly (readonly [string, string])[] {
  return [...tools.values()].map((tool) => [`${JSON.stringify(tool.name)} of ${server}`, sayTool(tool)])
}

function sayTool({ reviewed, effect, outside, digest, arguments: args }: CataloguedTool): string {
  if (!reviewed) return 'not reviewed'
  const said = [...args].map(
    ([name, { type, optional, is }]) =>
      `${name}: ${sayType(type)}${optional ? '?' : ''}${is === undefined ? '' : ` (${is})`}`,
  )
  return `${effect}, ${outside ? 'reaches outside' : 'stays inside'}, ${said.join(', ') || 'no arguments'}, as ${digest.slice(0, 19)}`
}

function ofBundle(bundle: Bundle): Written {
  const { name, timezone, environments, run, unmatched, workingHours } = bundle
  const { auditors, restorers, registrars } = bundle
  return [
    ['name', name],
    ['timezone', timezone],
    ['environments', environments?.join(', ') ?? null],
    ['run window', run === null ? null : formatDuration(run.windowSeconds)],
    ['unmatched known_action', unmatched.knownAction],
    ['unmatched unknown_action', unmatched.unknownAction],
    ['working_hours', sayHours(workingHours)],
    ['auditors', auditors.join(', ') || null],
    ['restorers', restorers.join(', ') || null],
    ['registrars', registrars.join(', ') || null],
  ]
}

function sayHours(hours: Bundle['workingHours']): string | null {
  if (hours === null) return null
  const { weekdays, from, to, holidays } = hours
  const off = holidays.length === 0 ? '' : `, not on ${holidays.join(', ')}`
  return `${weekdays.join(', ')} ${from} to ${to}${off}`
}

function ofBrakes({ brakes }: Bundle): Written {
  return [
    ['deny_cooldown', sayCooldown(brakes.denyCooldownSeconds)],
    ['max_pending', String(brakes.maxPending)],
    ['mentions_per_day', String(brakes.mentionsPerDay)],
  ]
}

/** 0 turns it off, and that is how it is written. */
function sayCooldown(seconds: number): string {
  return seconds === 0 ? '0' : formatDuration(seconds)
}

function ofFloor({ floor }: Bundle): Written {
  const { maxExpiresInSeconds, maxGrantTtlSeconds, neverAllowEffects } = floor
  return [
    ['separation', floor.separation.join(', ') || null],
    ['max_expires_in', maxExpiresInSeconds === null ? null : formatDuration(maxExpiresInSeconds)],
    ['max_grant_ttl', maxGrantTtlSeconds === null ? null : formatDuration(maxGrantTtlSeconds)],
    ['never_allow_effects', neverAllowEffects.join(', ') || null],
  ]
}

function sayAudience({ id, resourceTypes, profile, spentBy, tokenOnly }: Audience): string {
  const types = resourceTypes === null ? 'all resources' : resourceTypes.join(', ')
  return `${id} for ${types}; ${profile}; spent by the ${spentBy}${tokenOnly ? ', token only' : ''}`
}

function ofStop({ stop }: Bundle): Written {
  return [
    ['who', stop.who.join(', ') || null],
    ['on', stop.on.join(', ') || null],
  ]
}

function sayWindow(window: Window): string {
  if (window.kind === 'dated') return `${window.start} to ${window.end}`
  return `${window.weekdays.join(', ')} ${window.from} to ${window.to}`
}

function sayAction(action: CatalogueAction): string {
  const { reversible, consequence, destination, resources = new Map(), tool } = action
  return [
    sayParams(action),
    ...(reversible === undefined ? [] : [`reversible: ${reversible}`]),
    ...(destination === undefined
      ? []
      : [`${destination.param} inside: ${destination.inside.join(', ') || 'nothing'}`]),
    ...[...resources].map(([name, resource]) => `${name}: ${sayOtherResource(resource)}`),
    ...(tool === undefined
      ? []
      : [`calls ${tool.name} of ${tool.server}, with ${tool.digest} and ${tool.arguments}`]),
    ...(consequence === undefined ? [] : [JSON.stringify(consequence)]),
  ].join('; ')
}

function sayParams({ effect, params }: CatalogueAction): string {
  if (params === 'open') return `${effect}, open parameters`
  const said = [...params].map(
    ([name, { type, optional, sensitive, narrow }]) =>
      `${name}: ${sayType(type)}${optional ? '?' : ''}${sensitive ? ' (sensitive)' : ''}${sayNarrow(narrow)}`,
  )
  return `${effect}, ${said.join(', ') || 'no parameters'}`
}

function sayNarrow(narrow: Param['narrow']): string {
  if (narrow === undefined) return ''
  return narrow === 'items' ? ' (items can be left out)' : ` (can be lowered to ${narrow.min})`
}

function sayType(type: ParamType): string {
  return typeof type === 'string' ? type : `list of ${sayType(type.list)}`
}

/** Quoted, because either may hold spaces. */
function sayMatch({ match }: InventoryEntry): string {
  return `${JSON.stringify(match.type)} ${JSON.stringify(match.id)}`
}

function sayEntry({ sensitivity, owner, region, environment, labels }: InventoryEntry): string {
  const said = [
    sensitivity,
    ...(owner === null ? [] : [`owner ${owner}`]),
    ...(environment === null ? [] : [`in ${environment}`]),
    ...(region === null ? [] : [`region ${region}`]),
    ...Object.entries(labels).map(([name, value]) => `${name}: ${String(value)}`),
  ]
  return said.join(', ')
}
