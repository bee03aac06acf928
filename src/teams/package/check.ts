import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

/** What ships with the package: the same from `src/` and from `dist/`. */
export const shipped = new URL('../../../deploy/teams/', import.meta.url)

/** Microsoft's schema is of a draft that Ajv does not name; it uses nothing in which drafts 4 and 7 differ. */
const schemaFile = new URL('MicrosoftTeams.schema.json', shipped)

/**
 * What is wrong with a manifest by Microsoft's schema, each with its place; nothing when Teams takes its form. What the schema leaves open
 * and Teams refuses all the same is said, too.
 */
export function wrongWith(manifest: object): readonly string[] {
  const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown> // Microsoft's
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema)
  const bySchema = validate(manifest)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? 'is wrong'}`)
  return [...bySchema, ...leftOpen.flatMap((rule) => rule(manifest))]
}

type Rule = (manifest: object) => readonly string[]

const leftOpen: readonly Rule[] = [
  (manifest) => {
    const version = read(manifest, 'version')
    return /^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/.test(version)
      ? []
      : ['/version must be three numbers with dots between, such as 1.0.0']
  },
  (manifest) => {
    const developer = 'developer' in manifest ? manifest.developer : null
    if (typeof developer !== 'object' || developer === null) return []
    return ['websiteUrl', 'privacyUrl', 'termsOfUseUrl']
      .filter((name) => !/^https:\/\/[^\s/]+/.test(read(developer, name)))
      .map((name) => `/developer/${name} must be an https address`)
  },
  (manifest) => {
    const name = 'name' in manifest ? manifest.name : null
    return typeof name === 'object' && name !== null && read(name, 'short').trim() === ''
      ? ['/name/short must say something']
      : []
  },
]

function read(object: object, name: string): string {
  const found: unknown = Reflect.get(object, name)
  return typeof found === 'string' ? found : ''
}
