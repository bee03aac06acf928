import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Where reasons are given: in comments of the code, its tests and benches, and in what people read. */
const places = ['src', 'test', 'bench', 'docs', 'policies', 'deploy', 'build']
const loose = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'Dockerfile',
  'compose.yaml',
  '.env.example',
  'manifest.yml',
]

interface Page {
  readonly path: string
  readonly text: string
}

/** Except this file, which names what is not there. */
const pages: readonly Page[] = [...places.flatMap(filesUnder), ...loose]
  .filter((path) => path !== 'test/references.test.ts')
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs|md|yaml|yml)$/.test(path) && !path.startsWith('store/prisma/'))
    .map((path) => join(folder, path))
}

/** `docs/policy.md#limits`, wherever it stands. */
function referencesIn({ text }: Page): readonly string[] {
  return [...text.matchAll(/\b(docs\/[a-z-]+\.md(?:#[a-z0-9-]+)?)/g)].map(([, reference]) => reference ?? '')
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): readonly string[] {
  const prose = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading ?? ''))
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

function leadsNowhere(reference: string): boolean {
  const [page = '', anchor] = reference.split('#')
  return !existsSync(page) || (anchor !== undefined && !anchorsOf(page).includes(anchor))
}

/** A reason that stands somewhere else than here, or in a public standard: `somewhere.md section 4`, `facts 2.1`. */
const elsewhere = /\b[\w.]+\.md sections? \d|\barchitecture section \d|\bfacts \d+\.\d|\bthe design's\b/

test('every page that is named is there, and has that heading', () => {
  const broken = pages.flatMap((page) =>
    referencesIn(page)
      .filter(leadsNowhere)
      .map((reference) => `${page.path}: ${reference}`),
  )

  expect(pages.flatMap(referencesIn).length).toBeGreaterThan(50)
  expect(broken).toEqual([])
})

test('no reason stands outside the repository, except in public standards', () => {
  const found = pages.filter(({ text }) => elsewhere.test(text))

  expect(found.map(({ path }) => path)).toEqual([])
})

test.each([
  ['docs/policy.md#limits', false],
  ['docs/policy.md#no-such-heading', true],
  ['docs/no-such-page.md', true],
])('control: %s leads nowhere: %s', (reference, nowhere) => {
  expect(leadsNowhere(reference)).toBe(nowhere)
})
