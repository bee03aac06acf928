import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PackKept, verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { repacked, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'

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
