import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const described = JSON.parse(readFileSync('package.json', 'utf8'))
const declared = Object.keys(described.dependencies)

/** Packages that something we use wants to find beside it, and how it is told. */
const peers = ['@bufbuild/protobuf', 'undici']
/** Put into our own files when they are built (build/client.mjs, build/charts.mjs). */
const builtIn = ['@prisma/client', '@observablehq/plot', 'linkedom']

/** What the compiled server imports: imports of types alone are gone by then, and the page is bundled. */
const imported = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('sandbox/page/'))
  .flatMap((path) => packagesIn(readFileSync(join('src', path), 'utf8')))

function packagesIn(text: string): readonly string[] {
  const targets = [
    ...text.matchAll(/^(?:import|export) (?!type\b)[^'"`;]*?from ['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^import ['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g),
  ].map(([, target = '']) => target)
  return targets
    .filter((target) => !target.startsWith('.') && !target.startsWith('node:'))
    .map((target) => target.split('/', target.startsWith('@') ? 2 : 1).join('/'))
}

test('what the server imports is a dependency, and nothing else is', () => {
  const elsewhere = [...builtIn, ...Object.keys(described.optionalDependencies)]
  const needed = new Set([...imported.filter((name) => !elsewhere.includes(name)), ...peers])

  expect([...needed].sort()).toEqual([...declared].sort())
})

test('every dependency travels in the package, so that what was tested is what runs', () => {
  expect(described.bundleDependencies).toEqual(declared)
})

test('every version is one version', () => {
  const versions = Object.entries({
    ...described.dependencies,
    ...described.optionalDependencies,
    ...described.devDependencies,
  })
  expect(versions.filter(([, version]) => !/^\d/.test(String(version)))).toEqual([])
})

test('no page tells anybody to run a package of our name that somebody else may publish', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...readdirSync('docs').map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith('.md'))
  const wrong = /\bnpx (?!\.\/)(?:-\S+ )*countersign\b|npm (?:install|i|exec) (?:-\S+ )*countersign\b/
  expect(pages.filter((page) => wrong.test(readFileSync(page, 'utf8')))).toEqual([])
  expect('npx countersign doctor').toMatch(wrong)
  expect('npx ./countersign-0.1.0.tgz start').not.toMatch(wrong)
})
