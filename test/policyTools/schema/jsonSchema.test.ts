import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { policySchemas } from '../../../src/policyTools/schema/jsonSchema.ts'
import { propertyMeanings } from '../../../src/policyTools/schema/propertyMeanings.ts'
import { filesIn } from '../../policy/files.ts'

const schemas = policySchemas()

function schemaOf(file: string): string {
  if (file.startsWith('rules/')) return 'rules.schema.json'
  if (file.startsWith('mcp/')) return 'mcp.schema.json'
  return file.startsWith('tests/') ? 'tests.schema.json' : file.replace('.yaml', '.schema.json')
}

const accepts = (name: string, value: unknown): boolean =>
  z.fromJSONSchema(schemas.get(name) ?? {}).safeParse(value).success

const committed = [...filesIn('policies')].filter(([file]) => file.endsWith('.yaml'))
const example = [...filesIn('test/policy/example')].filter(([file]) => file.endsWith('.yaml'))

describe('the JSON Schemas of the policy files', () => {
  test('are committed as they are generated: if not, run `countersign policy schema`', () => {
    expect(readdirSync('docs/schema').sort()).toEqual([...schemas.keys()].sort())
    for (const [name, schema] of schemas)
      expect(readFileSync(`docs/schema/${name}`, 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`)
  })

  test.each([...committed, ...example])('accept %s', (file, text) => {
    const read = z.fromJSONSchema(schemas.get(schemaOf(file)) ?? {}).safeParse(parse(text))

    expect(read.error?.issues).toBeUndefined()
  })

  test.each([
    ['bundle.yaml', 'known_action: require_approval', 'known_action: allow'],
    ['bundle.yaml', 'expires_in: 1h', 'expires_in: soon'],
    ['bundle.yaml', 'slack_usergroup: S0SECURITY', 'slack_usergroup: security'],
    ['bundle.yaml', 'name: starter', 'nam: starter'],
    ['actions.yaml', 'limit: int?', 'limit: integer'],
    ['actions.yaml', 'effect: admin', 'effect: root'],
    ['resources.yaml', 'sensitivity: restricted', 'sensitivity: very'],
    ['rules/data.yaml', 'verdict: allow', 'verdict: permit'],
    ['rules/data.yaml', 'expires_in: 2h', 'expires: 2h'],
    ['tests/data.yaml', 'decided_by', 'decidedBy'],
    ['mcp/docs-search.yaml', 'effect: write', 'effect: send'],
    ['mcp/docs-search.yaml', 'is: recipient', 'is: person'],
    ['mcp/docs-search.yaml', 'limit: int?', 'limit: integer'],
  ])('refuse %s with %s written as %s', (file, right, wrong) => {
    const text = filesIn('policies').get(file) ?? ''

    expect(text).toContain(right)
    expect(accepts(schemaOf(file), parse(text.replace(right, wrong)))).toBe(false)
  })

  test('describe every property, and describe nothing else', () => {
    const described = new Set<string>()
    const missing = new Set<string>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'properties' && typeof inner === 'object' && inner !== null)
          for (const [name, property] of Object.entries(inner))
            ('description' in Object(property) ? described : missing).add(name)
        walk(inner)
      }
    }
    for (const schema of schemas.values()) walk(schema)

    expect([...missing].filter((name) => !['list', 'list?', 'amount?'].includes(name))).toEqual([])
    expect([...described].sort()).toEqual(Object.keys(propertyMeanings).sort())
  })
})

test.each(committed)('the first line of policies/%s points an editor at its schema', (file, text) => {
  const up = file.includes('/') ? '../../' : '../'

  expect(text.split('\n', 1)).toEqual([`# yaml-language-server: $schema=${up}docs/schema/${schemaOf(file)}`])
})
