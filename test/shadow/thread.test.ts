import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CannotJudge } from '../../src/approvals/shadow/judge.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { shadowThread } from '../../src/shadow/thread.ts'
import { looser } from '../approvals/policyHouse.ts'
import { shadowProgram } from '../support/shadowProgram.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

let program: URL
beforeAll(async () => {
  program = await shadowProgram()
})

const versionOf = (files: Readonly<Record<string, string>>, digest = testBundle(files).digest) =>
  ({ digest, filesDigest: `sha256:f${digest}`, name: 'test', files }) as const

const base = versionOf(bundleFiles)
const never = new AbortController().signal

/** Requests as they were judged. */
const asked = (...actions: readonly string[]) =>
  actions.map((name, nth) => {
    const action = {
      action: name,
      resource: { type: 'table', id: 'warehouse.users' },
      params: { rows: 10 },
      environment: 'prod',
    }
    const { verdict } = evaluate(testBundle(), {
      action,
      agent: { id: 'agt_1', name: 'one', tags: ['team:data'] },
      at: '2026-11-24T14:00:00.000Z',
    })
    return { id: `req_${nth}`, action, agent: 'one', facts: JSON.parse(JSON.stringify(verdict.facts)) }
  })

/** A thread with another program. */
function programThat(text: string): URL {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-shadow-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'program.mjs')
  writeFileSync(
    path,
    `import { parentPort } from 'node:worker_threads'\nparentPort.postMessage({ kind: 'loaded' })\nparentPort.on('message', () => { ${text} })`,
  )
  return pathToFileURL(path)
}

describe('the thread in which a candidate judges', () => {
  test('compares requirements, by the facts that were recorded', async () => {
    const judge = await shadowThread(program)({ base, head: versionOf(looser) }, never)
    onTestFinished(() => judge.end())

    const { found, failed } = await judge.compare(asked('db.export', 'repo.read', 'db.export'))
    const again = await judge.compare(asked('repo.read'))

    expect(failed).toBe(0)
    expect(found.map(({ outcome, action, count, examples }) => [outcome, action, count, examples])).toEqual([
      ['loosened', 'db.export', 2, ['req_2', 'req_0']],
      ['unchanged', '', 1, ['req_1']],
    ])
    expect(again.found).toMatchObject([{ outcome: 'unchanged', count: 1 }])
  })

  test('goes on where one request cannot be judged, and does not repeat what was asked', async () => {
    const judge = await shadowThread(program)({ base, head: base }, never)
    onTestFinished(() => judge.end())
    const [one, other] = asked('repo.read', 'repo.read')
    if (!one || !other) throw new Error('two were asked')

    const { found, failed, why } = await judge.compare([{ ...one, facts: { secret: 'of somebody' } }, other])

    expect(failed).toBe(1)
    expect(why).toBe('this version does not know the form of the facts of a request')
    expect(found).toMatchObject([{ outcome: 'unchanged', count: 1 }])
  })

  test('says what this version cannot load, where', async () => {
    const head = versionOf({ ...bundleFiles, 'rules/all.yaml': 'nonsense: true' }, 'sha256:broken')

    const fault = await shadowThread(program)({ base, head }, never).catch((one: unknown) => one)

    expect(fault).toBeInstanceOf(CannotJudge)
    expect(String(fault)).toMatch(/cannot load test .*rules\/all\.yaml/)
  })

  test.each([
    ['never ends', 'for (;;);', /said nothing for/],
    ['throws', "throw new Error('at once')", /ended: at once/],
    ['ends the thread', 'process.exit(0)', /ended/],
    ['takes all memory', 'for (const all = [];;) all.push(new Array(1e5).fill(all.length))', /ended.*memory/],
  ])('one that %s is given up, and nothing else ends', async (_, text, why) => {
    const patience = { start: 60_000, answer: /memory/.test(text) || text.includes('all') ? 60_000 : 500 }
    const judge = await shadowThread(programThat(text), patience)({ base, head: base }, never)

    await expect(judge.compare(asked('repo.read'))).rejects.toThrow(why)
    await judge.end()
  })

  test('one that nobody wants any more does not keep who waits for its start', async () => {
    const giveUp = new AbortController()
    const starting = shadowThread(program)({ base, head: base }, giveUp.signal)

    giveUp.abort()

    await expect(starting).rejects.toThrow(/ended/)
  })
})
