import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'

const { isCurrent, writeStamp } = await import(pathToFileURL('build/stamp.mjs').href)

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamp-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const path of [
    'src/a.ts',
    'prisma/schema.prisma',
    'tsconfig.json',
    'package-lock.json',
    'build/build.mjs',
  ])
    put(path, path)
  put('src/store/prisma/client.ts', 'generated')
  put('dist/a.js', 'built')
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('what was never stamped is not current', () => {
  expect(isCurrent(root)).toBe(false)
})

test('what was stamped is current, at any date, and in another folder', () => {
  writeStamp(root)
  utimesSync(join(root, 'src/a.ts'), new Date(0), new Date(0))
  const elsewhere = `${root}-link`
  symlinkSync(root, elsewhere)
  onTestFinished(() => rmSync(elsewhere))

  expect([isCurrent(root), isCurrent(elsewhere)]).toEqual([true, true])
})

describe('what was stamped is not current any more', () => {
  test.each<[string, () => void]>([
    ['a source was edited', () => put('src/a.ts', 'other')],
    ['a source was added', () => put('src/b.ts', '')],
    ['a source was removed', () => rmSync(join(root, 'src/a.ts'))],
    [
      'a source was moved',
      () => {
        rmSync(join(root, 'src/a.ts'))
        put('src/b.ts', 'src/a.ts')
      },
    ],
    ['the schema was edited', () => put('prisma/schema.prisma', 'other')],
    ['a compiler option was changed', () => put('tsconfig.json', 'other')],
    ['a package was changed', () => put('package-lock.json', 'other')],
    ['the way of building was changed', () => put('build/build.mjs', 'other')],
    ['a built file is gone', () => rmSync(join(root, 'dist/a.js'))],
    ['a built file was edited', () => put('dist/a.js', 'other')],
    ['the generated client is gone', () => rmSync(join(root, 'src/store/prisma'), { recursive: true })],
    ['everything built is gone', () => rmSync(join(root, 'dist'), { recursive: true })],
  ])('when %s', (_, change) => {
    writeStamp(root)

    change()

    expect(isCurrent(root)).toBe(false)
  })

  test('control: what no build reads may change', () => {
    writeStamp(root)

    put('README.md', 'other')
    put('test/a.test.ts', 'other')
    put('prisma/migrations/1/migration.sql', 'other')

    expect(isCurrent(root)).toBe(true)
  })
})
