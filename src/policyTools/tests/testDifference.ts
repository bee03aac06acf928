import { canonical } from '../../core/canonical.ts'
import type { Json } from '../../core/json.ts'
import { isTestFile } from '../../policy/format/files.ts'
import { readShape } from '../../policy/format/shape.ts'
import { parseYaml } from '../../policy/format/yaml.ts'
import { testsSchema } from './testsSchema.ts'

/** Tests by name, each with its content as text; a name that several tests have holds all of them. */
export type Tests = ReadonlyMap<string, readonly string[]>

/** Names of tests; nothing about where they stand. */
export interface TestDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** What the tests among a bundle's files say. One file that cannot be read counts as one test, by its path. */
export function testsIn(files: ReadonlyMap<string, string>): Tests {
  const tests = new Map<string, readonly string[]>()
  for (const [file, text] of files) {
    if (!isTestFile(file)) continue
    for (const [name, content] of testsOf(file, text))
      tests.set(name, [...(tests.get(name) ?? []), content].sort())
  }
  return tests
}

/** What changed in the tests, as a sentence for whoever decides about the change; none when nothing did. */
export function sayTestDifference({ added, removed, changed }: TestDifference): readonly string[] {
  const parts = [
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(changed.length > 0 ? [`${changed.length} changed: ${someOf(changed)}`] : []),
    ...(removed.length > 0 ? [`${removed.length} REMOVED: ${someOf(removed)}`] : []),
  ]
  return parts.length > 0 ? [`Tests of the policy: ${parts.join('; ')}.`] : []
}

/** Compares tests by name and content: moving one to another file, or a comment, is no difference. */
export function testDifference(base: Tests, head: Tests): TestDifference {
  const same = (name: string): boolean => JSON.stringify(base.get(name)) === JSON.stringify(head.get(name))
  return {
    added: [...head.keys()].filter((name) => !base.has(name)).sort(),
    removed: [...base.keys()].filter((name) => !head.has(name)).sort(),
    changed: [...head.keys()].filter((name) => base.has(name) && !same(name)).sort(),
  }
}

const shown = 5

/** The first few names, and how many more there are: for sentences. */
export function someOf(names: readonly string[]): string {
  const more = names.length - shown
  const first = names.slice(0, shown).map((name) => `“${name.slice(0, 100)}”`)
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function testsOf(file: string, text: string): readonly (readonly [string, string])[] {
  const parsed = parseYaml(file, text)
  const shaped = 'source' in parsed ? readShape(parsed.source, [], testsSchema) : parsed
  if (!('shape' in shaped)) return [[file, text]]
  const { base = {}, tests } = shaped.shape
  return tests.map(({ name, request, expect, approvals = [] }) => [
    name,
    textOf({ request: { ...base, ...request }, expect, approvals }),
  ])
}

function textOf(value: unknown): string {
  return canonical([JSON.parse(JSON.stringify(value)) as Json]) // its own text
}
