import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importMcpCommand } from '../../src/cli/policy/importMcp.ts'
import { lintCommand } from '../../src/cli/policy/lint.ts'
import { failureText } from '../../src/cli/say.ts'
import { StartFault } from '../../src/server/startFault.ts'
import { bundle, directoryOf } from './bundles.ts'

const page = (name: string) => ({
  name,
  description: 'Get a page.',
  annotations: { readOnlyHint: true, openWorldHint: false },
})
const listOf = (...tools: readonly object[]) => {
  const directory = directoryOf(new Map([['tools.json', JSON.stringify({ tools })]]))
  return join(directory, 'tools.json')
}
const run = (directory: string, pages: readonly string[], options = {}) =>
  importMcpCommand({ directory, server: 'docs', pages }, { format: 'text', ...options })

describe('policy import-mcp', () => {
  test('writes the file of the server into the bundle, which still loads', () => {
    const directory = bundle()

    const { text, exitCode } = run(directory, [listOf(page('get_page'))])

    expect(exitCode).toBe(0)
    expect(text).toContain('new      "get_page": read, stays inside')
    expect(readFileSync(join(directory, 'mcp/docs.yaml'), 'utf8')).toContain('reviewed: false')
    expect(lintCommand(directory, { format: 'text' }).exitCode).toBe(0)
  })

  test('takes pages in their order, or lines of them', () => {
    const first = { jsonrpc: '2.0', id: 1, result: { tools: [page('a')], nextCursor: 'x' } }
    const lines = directoryOf(
      new Map([['all.jsonl', `${JSON.stringify(first)}\n${JSON.stringify({ tools: [page('b')] })}\n`]]),
    )

    expect(run(bundle(), [join(lines, 'all.jsonl')]).text).toContain('2 tools of docs')
  })

  test('with --check writes nothing, and is exit code 1 exactly when the server lists something else', () => {
    const directory = bundle()
    const path = join(directory, 'mcp/docs.yaml')
    const [one, other] = [listOf(page('get_page')), listOf(page('get_page'), page('get_other'))]

    expect(run(directory, [one], { check: true }).exitCode).toBe(1)
    expect(existsSync(path)).toBe(false)
    run(directory, [one])
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(
        'reviewed: false',
        'reviewed: {by: lee@acme.test, on: "2026-12-01"}',
      ),
    )
    const before = readFileSync(path, 'utf8')
    expect(run(directory, [one], { check: true }).exitCode).toBe(0)
    expect(run(directory, [other], { check: true }).exitCode).toBe(1)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('the same list is the same file, byte by byte', () => {
    const [one, other] = [bundle(), bundle()]
    run(one, [listOf(page('a'), page('b'))])
    run(other, [listOf(page('b'), page('a'))])
    run(other, [listOf(page('a'), page('b'))])

    const [left, right] = [one, other].map((directory) =>
      readFileSync(join(directory, 'mcp/docs.yaml'), 'utf8'),
    )
    expect(left).toBe(right)
  })

  test('for programs and for workflows', () => {
    const json = JSON.parse(run(bundle(), [listOf(page('a'))], { format: 'json' }).text)

    expect(json).toMatchObject({
      path: 'mcp/docs.yaml',
      differs: true,
      new: ['a'],
      unreviewed: [{ name: 'a', unsure: [] }],
    })
    expect(run(bundle(), [listOf(page('a'))], { format: 'github' }).text).toMatch(
      /^::warning file=.*mcp\/docs\.yaml,/,
    )
  })

  test.each([
    ['what is not JSON', () => [join(directoryOf(new Map([['x', '{']])), 'x')], 'is not JSON'],
    ['a file that is not there', () => ['/nowhere/tools.json'], 'could not be read'],
    [
      'a list that goes on',
      () => [join(directoryOf(new Map([['x', '{"tools": [], "nextCursor": "y"}']])), 'x')],
      'goes on',
    ],
  ])('refuses %s, and leaves the bundle as it is', (_, pages, says) => {
    const directory = bundle()

    expect(() => run(directory, pages())).toThrow(new RegExp(says))
    expect(existsSync(join(directory, 'mcp'))).toBe(false)
  })

  test('refuses a file of the server that it cannot read, with the place', () => {
    const directory = bundle({ 'mcp/docs.yaml': 'apiVersion: countersign/v1\nkind: McpServer\n' })

    expect(() => run(directory, [listOf()])).toThrow(StartFault)
    expect(() => run(directory, [listOf()])).toThrow(/mcp\/docs\.yaml:1:1/)
  })

  test.each(['text', 'github', 'json'] as const)('as %s lets no server draw on the terminal', (format) => {
    const named = { ...page('get\u202e\u009b2J\u001b[31m'), description: 'Get.\r\u001b[2K' }
    const directory = bundle()
    run(directory, [listOf(named)])

    const { text } = run(directory, [listOf({ ...named, description: 'Get\u200b.\u001b[2K' })], { format })

    expect(text).toContain('\\u001b[')
    expect(text).not.toMatch(/[^\n\P{C}]/u)
  })

  test('nor by what it is refused for', () => {
    const twice = page('get\u202e\u009b2J')
    let said = ''
    try {
      run(bundle(), [listOf(twice, twice)])
    } catch (fault) {
      said = failureText(fault)
    }

    expect(said).toContain('get\\u202e\\u009b2J')
    expect(said).not.toMatch(/[^\n\P{C}]/u)
  })

  test('never writes what would not load over what people reviewed, however much a server lists', () => {
    const directory = bundle()
    const path = join(directory, 'mcp/docs.yaml')
    run(directory, [listOf(page('get_page'))])
    const before = readFileSync(path, 'utf8')
    const much = Array.from({ length: 60 }, (_, nth) => ({
      ...page(`p${nth}`),
      description: 'a'.repeat(20_000),
    }))

    expect(() => run(directory, [listOf(...much)])).toThrow(/1 MiB/)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('refuses a name that leads elsewhere', () => {
    expect(() =>
      importMcpCommand({ directory: bundle(), server: '../x', pages: [listOf()] }, { format: 'text' }),
    ).toThrow(/cannot be the name of a server/)
  })
})
