import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LedgerRecords } from '../../src/approvals/evidence/records.ts'
import { reportFigures } from '../../src/approvals/evidence/reportFigures.ts'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { exportPack } from '../../src/cli/evidence/export.ts'
import { type PackKept, verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import type { Recorded } from '../../src/evidence/recorded.ts'
import { withRecords } from '../../src/store/ledger/recordedEntries.ts'
import { ask, click } from '../support/world.ts'
import { silent } from './opened.ts'
import { repacked, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'
import { sealed } from './sealingWorld.ts'

const nothing: PackKept = { kept: [], key: null }
const verifier = new URL('../../deploy/audit/verify.py', import.meta.url).pathname

function run(args: readonly string[], cwd?: string) {
  const { status, stdout } = spawnSync('python3', [...args], { encoding: 'utf8', ...(cwd && { cwd }) })
  return { status, stdout }
}

/** A copy in a folder of its own, with a file that its list names. */
function planted(pack: string, path: string, text: string): string {
  const at = join(folder(), 'pack')
  cpSync(pack, at, { recursive: true })
  writeFileSync(join(at, path), text)
  writeFileSync(
    join(at, 'SHA256SUMS'),
    `${readFileSync(join(at, 'SHA256SUMS'), 'utf8')}${'0'.repeat(64)}  ${path}\n`,
  )
  summedAnew(at)
  return at
}

test('verify.py reads the checkpoint of the auditor, and never one or a module that lies in the pack', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const pack = unpacked(out)
  const checkpoint = readFileSync(join(pack, 'log/checkpoint'), 'utf8')
  const home = folder()
  const byName = (at: string) =>
    run([verifier, '--pack', at, '--checkpoint', 'kept.txt', '--signed', 'signed'], home)

  writeFileSync(join(home, 'kept.txt'), checkpoint)
  expect(byName(pack), 'control').toMatchObject({ status: 0 })
  expect(readFileSync(join(home, 'signed/signed.txt'), 'utf8')).toBe(
    checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1),
  )
  writeFileSync(join(home, 'kept.txt'), 'no checkpoint')
  expect(byName(planted(pack, 'kept.txt', checkpoint)).status).not.toBe(0)

  const hijack = 'import sys\nprint("Everything is as it was sealed.")\nsys.exit(0)\n'
  const at = planted(pack, 'unicodedata.py', hijack)
  writeFileSync(join(at, 'entries.ndjson'), '')
  for (const args of [['verify.py'], ['-I', verifier, '--pack', at], [verifier]])
    expect(run(args, at), args.join(' ')).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('was changed'),
    })
})

test('a pack has its whole period: who cuts its end or its beginning off and keeps the label is found by both verifiers', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const { rows } = await there.open.pool.query<{ index: string; ts: Date }>(
    'SELECT index, ts FROM ledger_leaves JOIN entries ON id = entry_id ORDER BY index',
  )
  const last = rows.at(-1)?.ts.toISOString() ?? ''
  const first = rows.find(({ ts }) => ts.toISOString() === last)
  const [early, late] = ['2000-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']
  const made = async (name: string, period: { since: string; until: string }) => {
    const out = join(folder(), name)
    await exported(there.open, { out, period })
    return out
  }
  const relabelled = (out: string, was: string, is: string) => {
    const at = unpacked(out)
    for (const path of ['manifest.json', 'README.md'])
      writeFileSync(join(at, path), readFileSync(join(at, path), 'utf8').replace(was, is))
    summedAnew(at)
    return at
  }
  const whole = await made('whole.tar.gz', { since: early, until: late })
  const noEnd = await made('end.tar.gz', { since: early, until: last })
  const noBeginning = await made('beginning.tar.gz', { since: last, until: late })

  for (const out of [whole, noEnd, noBeginning]) {
    expect(await verifyPack(out, nothing), 'control').toMatchObject({ wrong: null })
    expect(run([verifier, '--pack', unpacked(out)]), 'control').toMatchObject({ status: 0 })
    rmSync(`${out}.unpacked`, { recursive: true })
  }
  const before = Number(first?.index)
  for (const [at, says] of [
    [relabelled(noEnd, last, late), `the entry ${before} is of the period`],
    [relabelled(noBeginning, last, early), `the entry ${before - 1} is of the period`],
  ] as const) {
    expect(run([verifier, '--pack', at])).toMatchObject({ status: 2, stdout: expect.stringContaining(says) })
    expect((await verifyPack(repacked(at, folder()), nothing)).wrong?.what).toContain(says)
    writeFileSync(join(at, 'log/neighbours.ndjson'), '')
    summedAnew(at)
    expect(run([verifier, '--pack', at])).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('missing'),
    })
    expect((await verifyPack(repacked(at, folder()), nothing)).wrong).not.toBeNull()
  }
})

test('without the asking nobody can tell who is behind a request: no pack of a whole period is made or verifies without it', async () => {
  const there = await recordingWorld()
  const { world, open } = there
  const { id } = await ask(world, 'deploy.start')
  world.clock.advance(600)
  await click(world, id, 'U0GRACE', { seen: 'Deploy' })
  await sealed(open)
  const { rows } = await open.pool.query<{ ts: Date }>(
    "SELECT ts FROM ledger_leaves JOIN entries ON id = entry_id WHERE type = 'decision.made'",
  )
  const period = { since: rows[0]?.ts.toISOString() ?? '', until: '2027-01-01T00:00:00.000Z' }
  const out = join(folder(), 'evidence.tar.gz')
  await exported(open, { out, period })
  const pack = unpacked(out)
  const made = withRecords({ databaseUrl: open.databaseUrl, log: silent }, async (found) => {
    if (!found) throw new Error('there is a ledger')
    const without = async function* (pages: AsyncIterable<readonly Recorded[]>) {
      for await (const page of pages) yield page.filter(({ entry }) => entry.type !== 'request.submitted')
    }
    const records: LedgerRecords = {
      ...found.records,
      earlier: (...asked) => without(found.records.earlier(...asked)),
      ofEach: (...asked) => without(found.records.ofEach(...asked)),
    }
    const wish = { period, about: null, signal: new AbortController().signal, progress: () => undefined }
    return exportPack({ ...found, records }, { ...wish, out: join(folder(), 'without.tar.gz') })
  })

  expect(run([verifier, '--pack', pack]), 'control').toMatchObject({ status: 0 })
  expect(readFileSync(join(pack, 'reports/sod.csv'), 'utf8')).toContain('"no"')
  await expect(made).rejects.toThrow(`the asking of ${id} is missing`)
  const earlier = join(pack, 'earlier.ndjson')
  const lines = readFileSync(earlier, 'utf8').split('\n')
  writeFileSync(earlier, lines.filter((line) => !line.includes('"request.submitted"')).join('\n'))
  const manifest = join(pack, 'manifest.json')
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace(/"earlier": (\d+)/, (_, n) => `"earlier": ${Number(n) - 1}`),
  )
  const asking = JSON.parse(lines.find((line) => line.includes('"request.submitted"')) ?? '{}').seq
  rmSync(join(pack, `requests/${id}/${asking}.tlog-proof`))
  const values = join(pack, 'values.ndjson')
  writeFileSync(
    values,
    readFileSync(values, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith(`{"index":${asking},`))
      .join('\n'),
  )
  const sums = join(pack, 'SHA256SUMS')
  writeFileSync(
    sums,
    readFileSync(sums, 'utf8')
      .split('\n')
      .filter((line) => !line.includes(`${id}/${asking}.tlog-proof`))
      .join('\n'),
  )
  summedAnew(pack)
  expect(run([verifier, '--pack', pack])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('WRONG'),
  })
  expect((await verifyPack(repacked(pack, folder()), nothing)).wrong).not.toBeNull()
})

test('an entry that was committed after midnight with a time from before it is counted in one period only', async () => {
  const { open, world } = await recordingWorld()
  for (const ts of [
    '2026-11-30T23:59:59.000Z',
    '2026-12-01T00:00:00.010Z',
    '2026-11-30T23:59:59.990Z',
    '2026-12-01T00:00:01.000Z',
  ])
    await open.store.commit({
      entries: [
        newEntry(
          { ...world.ports, clock: () => new Date(ts) },
          {
            type: 'decision.refused',
            actor: { kind: 'person', id: 'per_x', via: 'slack' },
            subject: { kind: 'request', id: 'req_x' },
            data: { kind: 'approve', code: 'own_request' },
          },
        ),
      ],
    })
  await sealed(open)
  const counts = []
  for (const [since, until] of [
    ['2026-11-30T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z'],
  ] as const) {
    const out = join(folder(), 'evidence.tar.gz')
    const { range } = await exported(open, { out, period: { since, until } })
    const figures = await withRecords({ databaseUrl: open.databaseUrl, log: silent }, async (found) => {
      if (!found) throw new Error('there is a ledger')
      return reportFigures(found, { period: { since, until }, progress: () => undefined })
    })
    const { measures } = JSON.parse(readFileSync(join(unpacked(out), 'reports/control-matrix.json'), 'utf8'))
    const own = measures.find(({ id }: { readonly id: string }) => id === 'own_attempts').entries
    counts.push([range.to - range.from, figures.attempts.own.count, own])
    expect(run([verifier, '--pack', `${out}.unpacked`])).toMatchObject({ status: 0 })
    expect((await verifyPack(out, nothing)).wrong).toBeNull()
  }
  expect(counts).toEqual([
    [3, 2, 2],
    [3, 2, 2],
  ])
})

test('values that were emptied in a pack of everything are found by their number', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const pack = unpacked(out)
  const control = run([verifier, '--pack', pack])
  const path = join(pack, 'values.ndjson')
  const lines = readFileSync(path, 'utf8').split('\n')
  const emptied = lines.map((line) => {
    if (!line.includes('"name":"reason"')) return line
    const { index, entry, name } = JSON.parse(line)
    return JSON.stringify({ index, entry, name, erased: true })
  })
  writeFileSync(path, emptied.join('\n'))
  summedAnew(pack)

  expect(control).toMatchObject({ status: 0, stdout: expect.stringContaining('entries account for each') })
  expect(run([verifier, '--pack', pack])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('account for 0'),
  })
})
