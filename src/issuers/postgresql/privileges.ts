import { z } from 'zod'
import type { Action } from '../../core/action.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import { mapping, pattern, properties, text } from '../../policy/format/shape.ts'
import { glob } from '../../policy/glob.ts'
import { approvedPlace, approvedValue } from '../approvedValue.ts'

export const privilegeNames = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const
type Privilege = (typeof privilegeNames)[number]

/** What a role may do, and nothing else: the names exactly as the catalogue of the target has them. */
export interface Privileges {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  readonly privileges: readonly Privilege[]
}

/** A name that the operator writes, or where in the approved action it stands. */
const from = z
  .string()
  .regex(new RegExp(`^${approvedPlace}$`), 'must be resource.id, resource.rest or params.NAME')
const name = z.union([text(63), properties({ from })])
const names = z.union([z.array(text(63)).min(1).max(200), properties({ from })])

/** What an action gets at a target: the operator's word; from the request come only values that were approved. */
const actionSchema = properties({
  /** The resource that has been approved has to fit. */
  resource: pattern,
  schema: text(63),
  table: name,
  columns: names,
  privileges: z.array(z.enum(privilegeNames)).min(1),
})

export const actionsSchema = mapping(
  {
    pattern: /^[a-z0-9][a-z0-9._:-]{0,127}$/,
    says: 'must be the name of an action',
  },
  actionSchema,
)

export type ActionAtTarget = z.infer<typeof actionSchema>

/** @throws Refusal `target_refused` when the action does not name what it would get */
export function privilegesFor(rule: ActionAtTarget, action: Action): Privileges {
  const table =
    typeof rule.table === 'string' ? rule.table : approvedValue(rule.table.from, rule.resource, action)
  const columns = Array.isArray(rule.columns)
    ? rule.columns
    : approvedValue(rule.columns.from, rule.resource, action)
  const listed: readonly unknown[] = Array.isArray(columns) ? columns : []
  if (!isName(table)) throw refused('the action does not name a table')
  if (listed.length === 0 || listed.length > 200 || !listed.every(isName))
    throw refused('the action does not name columns')
  if (new Set(listed).size !== listed.length) throw refused('the action names a column twice')
  return { schema: rule.schema, table, columns: listed, privileges: [...new Set(rule.privileges)] }
}

/** What the operator says of this action there; null when the target does not serve it. */
export function ruleFor({ environments, actions }: ActionsAtTarget, action: Action): ActionAtTarget | null {
  const rule = actions.get(action.action)
  return rule && environments.includes(action.environment) && fitsResource(rule, action) ? rule : null
}

interface ActionsAtTarget {
  readonly environments: readonly string[]
  readonly actions: ReadonlyMap<string, ActionAtTarget>
}

function fitsResource({ resource }: ActionAtTarget, action: Action): boolean {
  return glob(resource).fits(action.resource.id)
}

/** PostgreSQL cuts longer names silently, at 63 bytes. */
function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    !value.includes('\0') &&
    value.isWellFormed() &&
    Buffer.byteLength(value) <= 63
  )
}

/** The detail is for our log: no names that were sent. */
function refused(detail: string): Refusal {
  return new Refusal('target_refused', detail)
}

const aboutSchema = z.object({
  role: z.string().regex(/^cs_[0-9a-f]{16}$/),
  schema: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  privileges: z.array(z.enum(privilegeNames)),
})

/** What `plan` wrote down, read again. */
export function plannedIn(about: JsonObject): Privileges & { readonly role: string } {
  return aboutSchema.parse(about)
}

/** The role alone: all that is known of one that only the target remembers. */
export function roleIn(about: JsonObject): string {
  return aboutSchema.pick({ role: true }).parse(about).role
}
