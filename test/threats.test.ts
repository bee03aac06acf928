import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Threat {
  readonly id: string
  readonly tests: readonly { readonly file: string; readonly name: string }[]
}

const page = readFileSync('docs/threats.md', 'utf8')

/** A threat is a line that begins with its name; below it, a line for each test. */
function threatsIn(text: string): readonly Threat[] {
  return text.split(/^(?=- \*\*|## )/m).flatMap((part) => {
    const id = /^- \*\*([a-z-]+)\*\*: /.exec(part)?.[1]
    if (id === undefined) return []
    const tests = [...part.matchAll(/^ {2}- `(test\/\S+)`: (.+)$/gm)]
    return [{ id, tests: tests.map(([, file = '', name = '']) => ({ file, name })) }]
  })
}

/** Whether the file has a test, a group of tests or a row of a table of exactly that name. */
function hasTest(text: string, name: string): boolean {
  const written = [`'${name.replaceAll("'", "\\'")}'`, `"${name}"`, `\`${name}\``]
  return written.some((literal) => text.includes(literal))
}

/** The names in comments: `threats: own-request, two-hats`. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\bthreats: ([a-z-]+(?:, [a-z-]+)*)/g)].flatMap(([, names = '']) =>
    names.split(', '),
  )
}

const threats = threatsIn(page)

describe('docs/threats.md', () => {
  test('names every threat once, and at least one test for each', () => {
    const ids = threats.map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(30)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(threats.filter(({ tests }) => tests.length === 0)).toEqual([])
  })

  test('has a threat or a test in every line of its lists', () => {
    const items = page.split('\n').filter((line) => /^ *- /.test(line))
    const understood = threats.length + threats.flatMap(({ tests }) => tests).length
    expect(items).toHaveLength(understood)
  })

  test.each(threats)('$id: its tests exist', ({ tests }) => {
    const missing = tests.filter(
      ({ file, name }) => !existsSync(file) || !hasTest(readFileSync(file, 'utf8'), name),
    )
    expect(missing).toEqual([])
  })
})

test('every threat that the code or a test speaks of stands on the page', () => {
  const known = new Set(threats.map(({ id }) => id))
  const files = ['src', 'test', 'bench', 'prisma'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|tsx|mjs|sql)$/.test(path) && !path.startsWith('store/prisma/'))
      .map((path) => `${folder}/${path}`),
  )
  const strange = files
    .filter((path) => path !== 'test/threats.test.ts')
    .flatMap((path) => namesIn(readFileSync(path, 'utf8')).map((name) => ({ path, name })))
    .filter(({ name }) => !known.has(name))
  expect(strange).toEqual([])
})

describe('the test itself notices', () => {
  test('names in a comment, one or several', () => {
    expect(namesIn('/** Only once. (RFC 1; threats: own-request, two-hats) */')).toEqual([
      'own-request',
      'two-hats',
    ])
  })

  test('a test that is called otherwise', () => {
    expect(hasTest("test('a click counts once', () => {})", 'a click counts')).toBe(false)
    expect(hasTest("test('a click counts once', () => {})", 'a click counts once')).toBe(true)
  })
})

describe('SECURITY.md', () => {
  const page = readFileSync('SECURITY.md', 'utf8')

  test('says of every table who may read and change it', () => {
    const tables = [...readFileSync('prisma/schema.prisma', 'utf8').matchAll(/@@map\("(\w+)"\)/g)].map(
      ([, name]) => name,
    )
    expect(tables.length).toBeGreaterThan(5)
    const rows = [...page.matchAll(/^\| `(\w+)` \|(?: [^|]+ \|){3}$/gm)].map(([, name]) => name)
    expect(tables.filter((name) => !rows.includes(name))).toEqual([])
  })

  test('leads somewhere', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(target))).toEqual([])
  })
})
