import type { Json, JsonObject } from '../../../core/json.ts'
import { NotUnderstood, quoted } from '../notUnderstood.ts'
import { type Address, addressIn } from './address.ts'
import { objectIn, onlyKeys, planLimits } from './planJson.ts'

/** What a plan does with one resource, in the order in which people are told. */
export const doings = ['destroy', 'replace', 'create', 'update', 'forget', 'read', 'no_op'] as const
export type Doing = (typeof doings)[number]

/** Words of `change.actions`. Terraform may get others: then nobody here knows what they do. */
const doingOf: ReadonlyMap<string, Doing> = new Map(
  (
    [
      [['no-op'], 'no_op'],
      [['create'], 'create'],
      [['read'], 'read'],
      [['update'], 'update'],
      [['delete'], 'destroy'],
      [['delete', 'create'], 'replace'],
      [['create', 'delete'], 'replace'],
      [['forget'], 'forget'],
    ] as const
  ).map(([actions, doing]) => [JSON.stringify(actions), doing]),
)

/** One resource of a plan. */
export interface PlannedChange {
  readonly doing: Doing
  readonly address: string
  readonly type: string
  readonly module: string
  readonly isMoved: boolean
  readonly isImported: boolean
}

/** What is left of a plan once it was cut. What it leaves out, an older Terraform or OpenTofu does not say: it is null. */
export interface Plan {
  readonly formatVersion: string
  readonly complete: boolean | null
  readonly applyable: boolean | null
  readonly errored: boolean | null
  readonly changes: readonly PlannedChange[]
  readonly provisioners: readonly string[] | null
}

const planKeys = new Set([
  'format_version',
  'terraform_version',
  'timestamp',
  'complete',
  'applyable',
  'errored',
  'resource_changes',
  'provisioners',
])

/**
 * @throws NotUnderstood for another format, a key or an action that is not known, or values that should have been cut
 */
export function planIn(json: JsonObject): Plan {
  onlyKeys(json, planKeys, 'the plan')
  const { format_version: version, resource_changes: changes, provisioners } = json
  if (typeof version !== 'string' || !/^1\.\d{1,4}$/.test(version))
    throw new NotUnderstood('Its `format_version` is not 1, so its words may mean something else.')
  if (!Array.isArray(changes))
    throw new NotUnderstood('It has no list `resource_changes`: a plan without changes has an empty one.')
  if (changes.length > planLimits.changes)
    throw new NotUnderstood(`It has more than ${planLimits.changes.toLocaleString('en')} changes.`)
  const seen = new Set<string>()
  return {
    formatVersion: version,
    complete: flagIn(json, 'complete'),
    applyable: flagIn(json, 'applyable'),
    errored: flagIn(json, 'errored'),
    changes: changes.map((one: Json, nth) => changeIn(one, `resource_changes/${nth}`, seen)),
    provisioners: provisioners === undefined ? null : provisionersIn(provisioners),
  }
}

function flagIn(json: JsonObject, name: string): boolean | null {
  const value = json[name] ?? null
  if (value === null || typeof value === 'boolean') return value
  throw new NotUnderstood(`\`${name}\` is neither true nor false.`)
}

const resourceKeys = new Set([
  'address',
  'previous_address',
  'module_address',
  'mode',
  'type',
  'name',
  'index',
  'provider_name',
  'deposed',
  'action_reason',
  'change',
])
const changeKeys = new Set(['actions', 'importing'])

function changeIn(json: Json, where: string, seen: Set<string>): PlannedChange {
  const resource = objectIn(json)
  const change = objectIn(resource?.change)
  if (!resource || !change) throw new NotUnderstood(`${where} is not a change of a resource.`)
  onlyKeys(resource, resourceKeys, where)
  onlyKeys(change, changeKeys, `${where}/change`)
  const address = textIn(resource, 'address', where)
  const { type, module, isData } = addressIn(address, where)
  agree(resource, { type, module, isData }, where)
  const deposed = resource.deposed == null ? '' : textIn(resource, 'deposed', where)
  if (!/^[0-9a-f]{0,32}$/.test(deposed)) throw new NotUnderstood(`\`deposed\` of ${where} is no key.`)
  const once = `${address} ${deposed}`
  if (seen.has(once)) throw new NotUnderstood(`${quoted(address)} stands there twice.`)
  seen.add(once)
  const was = resource.previous_address == null ? address : textIn(resource, 'previous_address', where)
  addressIn(was, where)
  return {
    doing: doingIn(change.actions, where),
    address,
    type,
    module,
    isMoved: was !== address,
    isImported: isImporting(change.importing, where),
  }
}

/** What stands beside the address must not say otherwise: people read the one, and rules the other. */
function agree(resource: JsonObject, { type, module, isData }: Address, where: string): void {
  const wanted = { mode: isData ? 'data' : 'managed', type, module_address: module }
  for (const [key, value] of Object.entries(wanted)) {
    const said = resource[key] ?? (key === 'module_address' ? '' : null)
    if (said !== value && !(key === 'module_address' && said === ''))
      throw new NotUnderstood(`\`${key}\` of ${where} does not fit its address.`)
  }
}

function doingIn(actions: Json | undefined, where: string): Doing {
  const doing = doingOf.get(JSON.stringify(actions))
  if (doing === undefined)
    throw new NotUnderstood(`The actions of ${where} are not ones that are known here.`)
  return doing
}

/** What is imported has an id, which is cut: then `importing` is true. */
function isImporting(importing: Json | undefined, where: string): boolean {
  if (importing === undefined || importing === null || importing === false) return false
  if (importing === true) return true
  throw new NotUnderstood(
    `\`importing\` of ${where} is neither true nor false: cut it with jq before you send it, as docs/policy.md#terraform-plans shows.`,
  )
}

/** By their types, such as `local-exec`: what `configuration` says of the resources that are still in it. */
function provisionersIn(json: Json): readonly string[] {
  const list = Array.isArray(json) ? json : null
  const isName = (one: Json): one is string => typeof one === 'string' && /^[a-z][a-z0-9_-]{0,63}$/.test(one)
  if (list === null || list.length > planLimits.changes || !list.every(isName))
    throw new NotUnderstood('`provisioners` is not a list of their types.')
  return [...new Set(list)]
}

function textIn(object: JsonObject, key: string, where: string): string {
  const value = object[key]
  if (typeof value === 'string') return value
  throw new NotUnderstood(`\`${key}\` of ${where} is not text.`)
}
