import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addExportCommand } from '../../src/cli/auditExport.ts'
import { writeOut } from '../../src/cli/outFile.ts'
import { StartFault } from '../../src/server/startFault.ts'
import { madeLine } from '../store/made.ts'
import { opened } from '../store/opened.ts'
import { sealed } from '../store/sealingWorld.ts'

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The command, as somebody types it. Resolves to what it wrote into its file. */
async function exported(databaseUrl: string, ...words: readonly string[]): Promise<string> {
  vi.stubEnv('DATABASE_URL', databaseUrl)
  vi.stubEnv('BASE_URL', '') // the test runner has one
  onTestFinished(() => void vi.unstubAllEnvs())
  const out = join(directory(), 'out')
  const program = new Command('audit').exitOverride().configureOutput({ writeErr: () => undefined })
  addExportCommand(
    program,
    (run) =>
      async (...args) =>
        void (await run(...args)),
  )
  await program.parseAsync(['export', '--out', out, ...words], { from: 'user' })
  expect(existsSync(`${out}.part`)).toBe(false)
  return readFileSync(out, 'utf8')
}

async function ledger(): Promise<string> {
  const open = await opened()
  for (let nth = 0; nth < 4; nth += 1) {
    const request = nth < 2 ? 'req_1' : 'req_2'
    const entry = madeLine({ id: `ent_${nth}`, ts: `2026-11-0${nth + 1}T12:00:00.000Z`, request })
    await open.store.commit({ entries: [entry] })
  }
  await sealed(open)
  return open.databaseUrl
}

const ids = (ndjson: string) =>
  ndjson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id)

test('what is recorded is written out: all of it, of a period, of a request, and the same each time', async () => {
  const url = await ledger()

  expect(ids(await exported(url, '--format', 'ndjson'))).toEqual(['ent_0', 'ent_1', 'ent_2', 'ent_3'])
  expect(ids(await exported(url, '--format', 'ndjson', '--request', 'req_2'))).toEqual(['ent_2', 'ent_3'])
  expect(
    ids(await exported(url, '--format', 'ndjson', '--from', '2026-11-02', '--to', '2026-11-03T12:00:00Z')),
  ).toEqual(['ent_1'])
  expect(ids(await exported(url, '--format', 'ndjson', '--from', '2026-11-03'))).toEqual(['ent_2', 'ent_3'])
  expect(ids(await exported(url, '--format', 'ndjson', '--to', '2026-11-01'))).toEqual(['ent_0'])
  const csv = await exported(url, '--format', 'csv')
  expect(csv.split('\r\n')).toHaveLength(6)
  expect(await exported(url, '--format', 'csv')).toBe(csv)
  const events = (await exported(url, '--format', 'ocsf', '--ocsf', '1.9.0')).trim().split('\n')
  expect(events.map((line) => JSON.parse(line).metadata)).toMatchObject([
    { sequence: 0, version: '1.9.0' },
    { sequence: 1 },
    { sequence: 2 },
    { sequence: 3 },
  ])
})

test('values are written where they are asked for', async () => {
  const open = await opened()
  await open.store.commit({ entries: [madeLine({}, { reason: 'the secret plan' })] })
  await sealed(open)

  expect(await exported(open.databaseUrl, '--format', 'ndjson')).not.toContain('the secret plan')
  expect(await exported(open.databaseUrl, '--format', 'ndjson', '--values')).toContain('the secret plan')
})

test.each([
  [['--from', 'yesterday'], 'is not a moment'],
  [['--to', '2026-02-30'], 'is not a moment'],
  [['--from', '2026-11-03', '--to', '2026-11-02'], 'is not before'],
  [['--request', 'req_1', '--agent', 'agt_1'], 'Only one'],
  [['--agent', 'nightly'], 'wants an id'],
])('%j is refused before anything is read', async (words, problem) => {
  await expect(exported('postgresql://nowhere.invalid/none', '--format', 'csv', ...words)).rejects.toThrow(
    problem,
  )
})

test('a file that was there stays as it was when the export fails half-way, and no half one is left', async () => {
  const out = join(directory(), 'out')
  writeFileSync(out, 'whole')
  async function* failing() {
    yield 'half'
    throw new Error('the ledger has a hole')
  }

  await expect(writeOut(out, failing())).rejects.toThrow('the ledger has a hole')

  expect(readFileSync(out, 'utf8')).toBe('whole')
  expect(existsSync(`${out}.part`)).toBe(false)
})

test('a place that cannot be written is said', async () => {
  async function* text() {
    yield 'text'
  }

  await expect(writeOut(join(directory(), 'none', 'out'), text())).rejects.toThrow(StartFault)
})
