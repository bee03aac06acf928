import { z } from 'zod'
import { durationPattern } from '../../core/duration.ts'
import { budgetKeys } from '../../policy/budget.ts'
import { readerNames } from '../../policy/catalogue.ts'
import { bundleSchema } from '../../policy/format/bundleSchema.ts'
import { catalogueSchema } from '../../policy/format/catalogueSchema.ts'
import { commandsSchema } from '../../policy/format/commandsSchema.ts'
import { type AddressKind, keysFor, workspaceKey } from '../../policy/format/directoryKeys.ts'
import { expiry, workingHoursPattern } from '../../policy/format/expirySchema.ts'
import { resourcesSchema } from '../../policy/format/resourcesSchema.ts'
import { ruleSchema } from '../../policy/format/ruleSchema.ts'
import { serverSchema } from '../../policy/format/serverSchema.ts'
import { duration } from '../../policy/format/shape.ts'
import { argumentKinds } from '../../policy/mcp/reviewedTool.ts'
import { verbs } from '../../policy/readers/kubernetes/verbs.ts'
import { testsSchema } from '../tests/testsSchema.ts'
import { propertyMeanings } from './propertyMeanings.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/**
 * A JSON Schema (draft 7, which editors know best) for each file of a bundle, by file name, from the loader's own schemas,
 * with a description of every property. It accepts whatever the loader accepts; the loader also checks what a JSON
 * Schema cannot say.
 */
export function policySchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ['bundle.schema.json', schemaOf(bundleSchema, 'bundle.yaml of a Countersign policy')],
    ['actions.schema.json', schemaOf(catalogueSchema, 'actions.yaml of a Countersign policy')],
    ['commands.schema.json', schemaOf(commandsSchema, 'commands.yaml of a Countersign policy')],
    ['mcp.schema.json', schemaOf(serverSchema, 'mcp/*.yaml of a Countersign policy')],
    ['resources.schema.json', schemaOf(resourcesSchema, 'resources.yaml of a Countersign policy')],
    ['rules.schema.json', schemaOf(z.array(ruleSchema), 'rules/*.yaml of a Countersign policy')],
    ['tests.schema.json', schemaOf(testsSchema, 'tests/*.yaml of a Countersign policy')],
  ])
}

function schemaOf(schema: z.ZodType, title: string): JsonSchema {
  const made = z.toJSONSchema(schema, { io: 'input', target: 'draft-07', override: sayDuration })
  return { title, ...described(plain(made)) }
}

/** A transform hides what it takes. */
function sayDuration({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType
  jsonSchema: JsonSchema
}): void {
  if (zodSchema === duration) Object.assign(jsonSchema, durationSchema)
  if (zodSchema === expiry) Object.assign(jsonSchema, expirySchema)
}

/** The generator uses one object for every place that shares a schema; here each place becomes its own. */
function plain(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema // it was one before
}

/** The same with a description of every property, and with what refinements of the loader's schemas hide. */
function described(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === 'properties' && isMapping(value)) return [key, propertiesOf(value)]
    if (Array.isArray(value))
      return [key, value.map((one: unknown) => (isMapping(one) ? described(one) : one))]
    return [key, isMapping(value) ? described(value) : value]
  })
  return Object.fromEntries(entries.filter(([key, value]) => !(isBound(key) && isSafeBound(value))))
}

function propertiesOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      if (!isMapping(property)) return [name, property]
      const description = propertyMeanings[name]
      const special = specials[name]?.(property) ?? {}
      return [name, { ...described(property), ...special, ...(description !== undefined && { description }) }]
    }),
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every whole number is bounded by what a number can hold, which helps nobody. */
function isBound(key: string): boolean {
  return key === 'minimum' || key === 'maximum'
}

function isSafeBound(value: unknown): boolean {
  return value === Number.MIN_SAFE_INTEGER || value === Number.MAX_SAFE_INTEGER
}

const durationSchema: JsonSchema = {
  type: 'string',
  pattern: durationPattern.source,
  examples: ['15m', '2h', '1d'],
}
const expirySchema: JsonSchema = {
  type: 'string',
  pattern: `${durationPattern.source}|${workingHoursPattern.source}`,
  examples: ['15m', '2h', '4 working hours'],
}
const asks = { type: 'string', enum: ['require_approval', 'deny'] } as const satisfies JsonSchema

/** By property name: what is added to, or stands instead of, what was generated. */
const specials: Readonly<Record<string, (made: JsonSchema) => JsonSchema>> = {
  known_action: () => asks,
  unknown_action: () => asks,
  per: () => ({ type: 'string', enum: [...budgetKeys] }),
  directory: () => ({ propertyNames: {}, patternProperties: addresses, additionalProperties: false }),
  params: (made) => (Object.keys(made).length === 0 ? catalogueParams : {}),
  arguments: (made) => (made.type === 'object' ? { additionalProperties: toolArgument } : {}),
}

/** The loader says which of the keys can stand beside each other. */
function address(kind: AddressKind): JsonSchema {
  const text = ({ property, pattern }: { readonly property: string; readonly pattern: RegExp }) =>
    [
      property,
      { type: 'string', pattern: pattern.source, description: propertyMeanings[property] ?? '' },
    ] as const
  const keys = keysFor(kind)
  const named = [...new Set(keys.map(({ authority }) => authority))]
  const authority = { type: 'string', enum: named, description: propertyMeanings.authority ?? '' } as const
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries([...keys, workspaceKey].map(text)),
      ...(kind === 'group' && { authority }),
    },
    anyOf: keys.map(({ property }) => ({ required: [property] })),
    additionalProperties: false,
  }
}

function onCallIn(list: string): JsonSchema {
  const says = (name: string) => ({ description: propertyMeanings[name] ?? '' })
  return {
    type: 'object',
    properties: {
      [list]: { type: 'string', pattern: '^[A-Z0-9]{3,40}$', ...says(list) },
      level: { type: 'integer', minimum: 1, maximum: 20, ...says('level') },
      within: { type: 'string', pattern: '^group:[a-z0-9][a-z0-9._-]{0,63}$', ...says('within') },
    },
    required: [list, 'within'],
    additionalProperties: false,
  }
}

const addresses: Record<string, JsonSchema> = {
  '^group:[a-z0-9][a-z0-9._-]{0,63}$': address('group'),
  '^user:[a-z0-9][a-z0-9._-]{0,63}$': address('user'),
  '^channel:[a-z0-9][a-z0-9._-]{0,63}$': address('channel'),
  '^oncall:[a-z0-9][a-z0-9._-]{0,63}$': {
    anyOf: ['pagerduty_schedule', 'pagerduty_escalation_policy'].map(onCallIn),
  },
}

const scalar: JsonSchema = { type: 'string', pattern: '^(string|int|number|bool|opaque)$' }
const listOf = (item: JsonSchema, key: string): JsonSchema => ({
  type: 'object',
  properties: { [key]: item },
  required: [key],
  additionalProperties: false,
})
const list = [1, 2, 3].reduce<JsonSchema>((inner) => ({ anyOf: [scalar, listOf(inner, 'list')] }), scalar)

function amountAs(key: string): JsonSchema {
  return {
    type: 'object',
    properties: {
      [key]: {
        type: 'object',
        properties: {
          currency: { type: 'string', pattern: '^[A-Z]{3}$', description: propertyMeanings.currency ?? '' },
        },
        required: ['currency'],
        additionalProperties: false,
        ...(key === 'amount' && { description: propertyMeanings.amount ?? '' }),
      },
    },
    required: [key],
    additionalProperties: false,
  }
}

/** A type, with a question mark when what has it is optional. */
const plainTypes: JsonSchema[] = [
  {
    type: 'string',
    enum: ['string', 'int', 'number', 'bool', 'opaque'].flatMap((name) => [name, `${name}?`]),
  },
  listOf(list, 'list'),
  listOf(list, 'list?'),
]
const paramTypes: JsonSchema[] = [...plainTypes, amountAs('amount'), amountAs('amount?')]

/** A type; or that with what the argument is, and what the server says of it. */
const toolArgument: JsonSchema = {
  anyOf: [
    ...plainTypes,
    {
      type: 'object',
      properties: {
        type: { anyOf: plainTypes, description: propertyMeanings.type ?? '' },
        is: { enum: [...argumentKinds], description: propertyMeanings.is ?? '' },
        says: { type: 'string', description: propertyMeanings.says ?? '' },
      },
      required: ['type'],
      additionalProperties: false,
    },
  ],
}

/** Each with its type; or with its type and what reads it, that its value is shown to nobody, or how far approvers may lower it. */
const catalogueParams: JsonSchema = {
  anyOf: [
    { const: 'open' },
    {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' },
      additionalProperties: {
        anyOf: [
          ...paramTypes,
          {
            type: 'object',
            properties: {
              type: { anyOf: paramTypes, description: propertyMeanings.type ?? '' },
              reads: { enum: [...readerNames], description: propertyMeanings.reads ?? '' },
              roots: {
                type: 'array',
                items: { type: 'string', pattern: '^/' },
                minItems: 1,
                maxItems: 50,
                description: propertyMeanings.roots ?? '',
              },
              service: { type: 'string', description: propertyMeanings.service ?? '' },
              arguments: { type: 'string', description: propertyMeanings.arguments ?? '' },
              verb: { enum: [...verbs], description: propertyMeanings.verb ?? '' },
              verb_from: { type: 'string', description: propertyMeanings.verb_from ?? '' },
              dry_run: { type: 'string', description: propertyMeanings.dry_run ?? '' },
              sensitive: { const: true, description: propertyMeanings.sensitive ?? '' },
              narrow: {
                description: propertyMeanings.narrow ?? '',
                anyOf: [
                  { const: 'items' },
                  {
                    type: 'object',
                    properties: {
                      min: { type: 'integer', minimum: 1, description: propertyMeanings.min ?? '' },
                    },
                    required: ['min'],
                    additionalProperties: false,
                  },
                ],
              },
            },
            required: ['type'],
            minProperties: 2,
            additionalProperties: false,
          },
        ],
      },
    },
  ],
}
