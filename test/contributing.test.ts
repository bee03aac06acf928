import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('CONTRIBUTING.md', 'utf8')
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Folders whose files are named in the page; what only a run leaves is not among them. */
const named = /(?<![\w/.-])(?:src|test|docs|bench|build|prisma|policies|deploy|\.ci)\/[\w./-]*\w\/?/g
const loose = ['README.md', 'biome.json', '.env.example']

/** Every file and folder that a text names, without the full stop of its sentence. */
function pathsIn(text: string): readonly string[] {
  const found = [...text.matchAll(named)].map(([path]) => path)
  return [...new Set([...found, ...loose.filter((name) => text.includes(name))])]
}

/** `npm run NAME`, and those that npm runs without the word. */
function scriptsIn(text: string): readonly string[] {
  const called = [...text.matchAll(/\bnpm (?:run )?(?:--\w+ )?([a-z:]+)/g)].map(([, name = '']) => name)
  return [...new Set(called)].filter((name) => !['ci', 'run'].includes(name))
}

/** ``NAME` of `FILE``, also two names: what a recipe says is in a file, and is not. */
function absentIn(text: string): readonly string[] {
  const said = [...text.matchAll(/`(\w+)`(?: or `(\w+)`)? (?:of|in) `(src\/[\w/]+\.ts)`/g)]
  return said.flatMap(([, one = '', other = one, file = '']) => {
    const source = existsSync(file) ? readFileSync(file, 'utf8') : ''
    return [...new Set([one, other])].filter((name) => !new RegExp(`\\b${name}\\b`).test(source))
  })
}

const missing = (text: string) => pathsIn(text).filter((path) => !existsSync(path))
const unknown = (text: string) => scriptsIn(text).filter((name) => !Object.hasOwn(scripts, name))

test('every file and folder that the page names is there', () => {
  expect(pathsIn(page).length).toBeGreaterThan(50)
  expect(missing(page)).toEqual([])
})

test('every name that the page says is in a file is there', () => {
  expect(absentIn(page)).toEqual([])
  expect(absentIn('See `nothing` or `entryTypes` of `src/ledger/entry.ts`.')).toEqual(['nothing'])
})

test('every script that the page names is one', () => {
  expect(scriptsIn(page)).toEqual(expect.arrayContaining(['start', 'test', 'check', 'test:browser', 'soak']))
  expect(unknown(page)).toEqual([])
})

test('there is a recipe for each thing that is added or changed most', () => {
  const recipes = [...page.matchAll(/^### (?:Add|Change) (.+)$/gm)].map(([, what]) => what)

  expect(recipes).toEqual([
    'a verb of a person',
    'an entry type',
    'an error code',
    'a route',
    'a channel',
    'what a card says',
    'a lint finding',
    'a metric',
    'a migration',
    'an SQL function',
    'a job',
  ])
})

test.each([
  ['Look into `src/core/nowhere.ts`.', ['src/core/nowhere.ts'], []],
  ['See src/no/such/ and test/none.', ['src/no/such/', 'test/none'], []],
  ['`npm run nothing`, then `npm test`', [], ['nothing']],
])('control: %s', (text, paths, names) => {
  expect(missing(text)).toEqual(paths)
  expect(unknown(text)).toEqual(names)
})

test('what CI does without a browser is one command', () => {
  expect(scripts.check.split(' && ')).toEqual(['npm run lint', 'npm run types', 'npm run unused', 'npm test'])
  expect(readFileSync('.ci/run', 'utf8')).toMatch(/^FC_ALL=1 npm run check$/m)
})
