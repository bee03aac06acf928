import type { Json, JsonObject } from '../../core/json.ts'
import type { ParamType } from '../../policy/catalogue.ts'
import { fitsKind, type WrittenArgument } from '../../policy/format/serverSchema.ts'
import type { ArgumentKind } from '../../policy/mcp/reviewedTool.ts'
import { beginning } from './beginning.ts'
import { objectOf } from './toolList.ts'
import { wordsOf } from './words.ts'

/** Longer than anything that says what an argument is. */
const longestText = 4_000

/** Names that mappings of the format can have, in UTF-16 units; `<<` would be a merge key. */
const argumentName = /^(?!__proto__$)(?!<<$)[^\p{Cc}\p{Cf}]+$/u
const longestName = 128

function isWritable(name: string): boolean {
  return name.length <= longestName && argumentName.test(name)
}

/**
 * The arguments of a JSON Schema, with the types that conditions know; what has none of them is `opaque`. `left` are those whose names
 * cannot be written down: a call with one of them does not fit, and asks.
 */
export function argumentsOf(schema: JsonObject): {
  readonly found: ReadonlyMap<string, WrittenArgument>
  readonly left: readonly string[]
} {
  const properties = Object.entries(objectOf(schema.properties) ?? {})
  const required = Array.isArray(schema.required) ? schema.required : []
  const names = properties.map(([name]) => name)
  const found = properties
    .filter(([name]) => isWritable(name))
    .map(([name, property]): [string, WrittenArgument] => {
      const { type, nullable } = typeOf(property, schema)
      const is = kindOf(name, { property, type, names })
      const says = beginning(textsIn(property).join('\n'), longestText)
      return [
        name,
        {
          type,
          optional: nullable || !required.includes(name),
          ...(is !== null && { is }),
          ...(says !== '' && { says }),
        },
      ]
    })
  return {
    found: new Map(found.sort(([left], [right]) => (left < right ? -1 : 1))),
    left: names.filter((name) => !isWritable(name)),
  }
}

interface Typed {
  readonly type: ParamType
  readonly nullable: boolean
}

const scalars: Readonly<Record<string, ParamType>> = {
  string: 'string',
  integer: 'int',
  number: 'number',
  boolean: 'bool',
}

function typeOf(written: Json, root: JsonObject, depth = 0): Typed {
  const schema = objectOf(written)
  if (schema === null || depth > 4) return { type: 'opaque', nullable: false }
  const pointed = typeof schema.$ref === 'string' ? definitionAt(root, schema.$ref) : null
  if (pointed !== null) return typeOf(pointed, root, depth + 1)
  const choices = [schema.anyOf, schema.oneOf].find((one) => Array.isArray(one)) as
    | readonly Json[]
    | undefined // by the test before it
  if (choices) {
    const others = choices.filter((one) => objectOf(one)?.type !== 'null')
    const [only] = others
    const nullable = others.length < choices.length
    return others.length === 1 && only !== undefined
      ? { ...typeOf(only, root, depth + 1), nullable }
      : { type: 'opaque', nullable }
  }
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((one) => one !== 'null')
  const nullable = Array.isArray(schema.type) && types.length < schema.type.length
  const [name] = types
  if (types.length !== 1 || typeof name !== 'string') return { type: 'opaque', nullable }
  if (name !== 'array') return { type: scalars[name] ?? 'opaque', nullable }
  const item = typeOf(schema.items ?? null, root, depth + 1)
  const isPlain = item.type !== 'opaque' && !item.nullable && depth < 3
  return { type: isPlain ? { list: item.type } : 'opaque', nullable }
}

function definitionAt(root: JsonObject, reference: string): Json {
  const [, place = '', name = ''] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(reference) ?? []
  const definitions = objectOf(root[place])
  return definitions !== null && Object.hasOwn(definitions, name) ? (definitions[name] ?? null) : null
}

interface Around {
  readonly property: Json
  readonly type: ParamType
  /** Of all arguments of the tool. */
  readonly names: readonly string[]
}

const beside = /^(subject|body|message|text|content|cc|bcc)$/

/** By the last word of its name, and by the format that the schema states. */
function kindOf(name: string, { property, type, names }: Around): ArgumentKind | null {
  const format = objectOf(property)?.format
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  const isMessage = names.some((one) => beside.test(one.toLowerCase()))
  const named =
    kinds.find(([, ends]) => ends.test(last))?.[0] ?? (last === 'to' && isMessage ? 'recipient' : null)
  const kind = format === 'email' ? 'recipient' : format === 'uri' || format === 'url' ? 'url' : named
  return kind !== null && fitsKind(type, kind) ? kind : null
}

const kinds: readonly (readonly [ArgumentKind, RegExp])[] = [
  ['url', /^(url|urls|uri|uris|href|link|webhook)$/],
  [
    'recipient',
    /^(email|emails|recipient|recipients|cc|bcc|attendee|attendees|participant|participants|invitee|invitees)$/,
  ],
  ['path', /^(path|paths|filepath|directory|folder|dir|cwd)$/],
  ['amount', /^(amount|price|total|cents|payment)$/],
]

/** Everything that it says in words, also deep inside: that is where a model reads it. */
function textsIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  const schema = objectOf(value)
  if (schema === null) return []
  return Object.entries(schema).flatMap(([name, inner]) =>
    name === 'description' && typeof inner === 'string' ? [inner] : textsIn(inner),
  )
}
