import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ClientCode } from '../../src/client/countersignError.ts'
import { type Double, doubleKey, openDouble } from '../clients/double.ts'
import { python, withoutPython } from '../clients/python.ts'
import { temporaryDirectory } from '../server/serve.ts'

const run = promisify(execFile)
const page = readFileSync('docs/clients.md', 'utf8')
const compiler = resolve('node_modules/typescript/bin/tsc')

/** The blocks of a language under headings that do not say that they were only written. */
function blocksOf(language: string): readonly string[] {
  const tried = page.split(/^(?=##+ )/m).filter((section) => !/^#+ .*: written, not run\n/.test(section))
  return tried.flatMap((section) =>
    [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
      ([, code = '']) => code,
    ),
  )
}

/** A folder in which nothing but our client is installed, as it is built, so that whatever else it needed would be missing. */
async function installed(): Promise<string> {
  const folder = temporaryDirectory()
  const client = join(folder, 'node_modules/countersign')
  mkdirSync(client, { recursive: true })
  cpSync('package.json', join(client, 'package.json'))
  const emit = ['--emitDeclarationOnly', 'false', '--outDir', join(client, 'dist')]
  await run(process.execPath, [compiler, '-p', 'tsconfig.client.json', ...emit])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return folder
}

async function compile(folder: string, code: string): Promise<string> {
  writeFileSync(join(folder, 'agent.ts'), code)
  const options = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2023', '--module', 'nodenext']
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')]
  const compiling = run(process.execPath, [compiler, ...options, ...types, 'agent.ts'], { cwd: folder })
  await compiling.catch(({ stdout }) => expect(stdout).toBe(''))
  return join(folder, 'agent.js')
}

const environmentOf = ({ url }: Double) => ({ COUNTERSIGN: url, KEY: doubleKey })

async function approving(): Promise<Double> {
  const double = await openDouble()
  double.decideAll('approved')
  return double
}

describe('the examples of docs/clients.md', () => {
  const [first = '', second = '', third = '', fourth = '', ...more] = blocksOf('ts')

  test.each([
    ['the first', first, '250000 rows of users are at s3://acme-lake-in/churn\n'],
    ['step by step', second, 'reading\n'],
    ['a tool of an MCP server', third, ''],
    ['text of a refusal', fourth, ''],
  ])('in TypeScript: %s compiles where nothing else is installed, and runs', async (_, code, says) => {
    const double = await approving()

    const program = await compile(await installed(), code)
    const { stdout } = await run(process.execPath, [program], { env: environmentOf(double) })

    expect(stdout).toBe(says)
    expect(double.requests.map(({ state }) => state)).toEqual(says === '' ? [] : ['succeeded'])
  })

  test('are all tried, except what says that it was only written', () => {
    expect(more).toEqual([])
    expect(blocksOf('python')).toHaveLength(1)
    expect(page.match(/: written, not run$/gm)).toHaveLength(4)
  })

  test.skipIf(withoutPython)(`in Python${withoutPython ? `: not tried, ${withoutPython}` : ''}`, async () => {
    const double = await approving()
    const [code = ''] = blocksOf('python')

    const { stdout } = await python(['-c', code], environmentOf(double))

    expect(stdout).toBe('250000 rows of users are at s3://acme-lake-in/churn\n')
    expect(double.requests).toMatchObject([{ state: 'succeeded' }])
  })

  test.skipIf(withoutPython)(
    `in the README of the Python client${withoutPython ? `: not tried, ${withoutPython}` : ''}`,
    async () => {
      const double = await approving()
      const [, code = ''] =
        /```python\n([\s\S]*?)```/.exec(readFileSync('clients/python/README.md', 'utf8')) ?? []

      const { stdout } = await python(['-c', code], environmentOf(double))

      expect(stdout).toBe('the files of acme/site\n')
    },
  )

  test('both languages ask the same under the same name of a call: an agent may be written anew', async () => {
    const double = await approving()
    const program = await compile(await installed(), first)
    await run(process.execPath, [program], { env: environmentOf(double) })

    const again = run(process.execPath, [program], { env: environmentOf(double) })
    await expect(again).rejects.toMatchObject({ stderr: expect.stringContaining("code: 'already_used'") })
    if (!withoutPython) {
      const [code = ''] = blocksOf('python')
      const inPython = python(['-c', code], environmentOf(double))
      await expect(inPython).rejects.toMatchObject({
        stderr: expect.stringContaining('It was done already.'),
      })
    }

    expect(double.requests).toHaveLength(1)
  })
})

test('control: a program that needs a package does not run there', async () => {
  const program = await compile(await installed(), "const name = 'zod'\nawait import(name)\n")

  await expect(run(process.execPath, [program])).rejects.toMatchObject({
    stderr: expect.stringContaining("Cannot find package 'zod'"),
  })
})

test('the page has every code of the client itself', () => {
  const codes = {
    denied: true,
    expired: true,
    cancelled: true,
    revoked: true,
    lapsed: true,
    narrowed: true,
    already_used: true,
    not_approved: true,
    spent_by_other: true,
    not_plain: true,
    unnamed_call: true,
    out_of_time: true,
    aborted: true,
    unexpected_answer: true,
  } satisfies Record<ClientCode, true>

  expect(Object.keys(codes).filter((code) => !page.includes(`\`${code}\``))).toEqual([])
})
