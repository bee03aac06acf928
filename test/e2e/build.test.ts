import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../support/run.ts'

/** A checkout of its own, so that nothing here touches the build that the other tests use. */
const checkout = mkdtempSync(join(tmpdir(), 'countersign-checkout-'))
const inputs = [
  'src',
  'build',
  'prisma',
  'prisma.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.client.json',
  'package-lock.json',
]
const packages = join(checkout, 'node_modules')

beforeAll(() => {
  for (const name of [...inputs, 'package.json']) cpSync(name, join(checkout, name), { recursive: true })
  rmSync(join(checkout, 'src/store/prisma'), { recursive: true, force: true })
  symlinkSync(join(process.cwd(), 'node_modules'), packages)
})

afterAll(() => rmSync(checkout, { recursive: true, force: true }))

const npmRun = (script: string) => run(['npm', 'run', '--silent', script], { cwd: checkout })

/** In order: each builds on the one before. */
test('the first start builds and says so; the second has nothing to do and nothing to say', async () => {
  expect(await npmRun('prestart')).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^Building: the database client… the server… the types of the client… what it takes of Prisma… the charts of reports… the page of the sandbox… done in \d+\.\d s\.\n$/,
    ),
    err: '',
  })
  expect(existsSync(join(checkout, 'dist/cli/main.js'))).toBe(true)

  expect(await npmRun('prestart')).toEqual({ code: 0, out: '', err: '' })
})

test('a source that is gone leaves nothing in the build', async () => {
  writeFileSync(join(checkout, 'src/core/passing.ts'), 'export const passing = 1\n')
  await npmRun('prestart')
  expect(existsSync(join(checkout, 'dist/core/passing.js'))).toBe(true)
  rmSync(join(checkout, 'src/core/passing.ts'))

  expect((await npmRun('prestart')).out).toContain('… done in')

  expect(existsSync(join(checkout, 'dist/core/passing.js'))).toBe(false)
})

test('what does not compile is said, and is not current afterwards', async () => {
  writeFileSync(join(checkout, 'src/core/wrong.ts'), 'export const wrong: number = "text"\n')

  for (const _ of ['once', 'again'])
    expect(await npmRun('prestart')).toMatchObject({
      code: expect.not.stringMatching('0'),
      out: 'Building: the database client… the server… failed.\n',
      err: expect.stringContaining('src/core/wrong.ts'),
    })

  rmSync(join(checkout, 'src/core/wrong.ts'))
})

test('without development dependencies nothing is built: current starts, anything else is refused', async () => {
  expect((await npmRun('prestart')).code).toBe(0)
  rmSync(packages)

  expect(await npmRun('prestart')).toEqual({ code: 0, out: '', err: '' })

  writeFileSync(join(checkout, 'src/core/passing.ts'), 'export const passing = 1\n')
  const says = 'What is built here was built from other sources than these'
  expect(await npmRun('prestart')).toMatchObject({ code: 1, out: '', err: expect.stringContaining(says) })
  rmSync(join(checkout, 'dist'), { recursive: true })
  expect(await npmRun('prestart')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nothing is built here'),
  })
  // Installing has done what it was asked for.
  expect(await npmRun('prepare')).toMatchObject({
    code: 0,
    err: expect.stringContaining('npm ci && npm run build'),
  })
})

test('where there are no sources there is nothing to build', async () => {
  rmSync(join(checkout, 'src'), { recursive: true })

  expect(await npmRun('prestart')).toEqual({ code: 0, out: '', err: '' })
})
