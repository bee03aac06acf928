import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Period } from '../../src/approvals/evidence/records.ts'
import { verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { verifyPackCommand } from '../../src/cli/evidence/verifyPackCommand.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import { readVerifierKey } from '../../src/ledger/note.ts'
import { repacked, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'
import { foreign, keptOf, wentOn } from './resumedWorld.ts'
import { beginning, recorded, sealed, tampered } from './sealingWorld.ts'

const verifier = new URL('../../deploy/audit/verify.py', import.meta.url).pathname

function python(pack: string, kept: readonly string[] = [], accepted: readonly number[] = []) {
  const given = kept.flatMap((text) => {
    const file = join(folder(), 'kept.txt')
    writeFileSync(file, text)
    return ['--checkpoint', file]
  })
  const gaps = accepted.flatMap((index) => ['--accept-gap', String(index)])
  const { status, stdout } = spawnSync('python3', [verifier, '--pack', pack, ...given, ...gaps], {
    encoding: 'utf8',
  })
  return { status, stdout }
}

const against = (...kept: readonly KeptCheckpoint[]) => ({ kept, key: null })

/** Stories, two checkpoints at an anchor, and a gap after them; then three entries more. */
async function resumedRecord() {
  const there = await recordingWorld()
  const { open, world } = there
  await recorded(open, 3)
  await sealed(open)
  const inside = (await beginning(open)).head
  const stories = await toldStories(there)
  const last = (await beginning(open)).head
  for (const { origin, size, checkpoint } of [inside, last])
    await open.anchored.record({
      ...{ anchor: 'vault', kind: 'directory', origin, size, checkpoint, evidence: { file: `${size}` } },
    })
  const gap = await wentOn(open, { more: 6, shared: inside.size, world })
  await recorded(open, 3)
  await sealed(open)
  return { ...there, inside, stories, ...gap }
}

async function packOf(record: Awaited<ReturnType<typeof resumedRecord>>, period?: Period) {
  const out = join(folder(), 'evidence.tar.gz')
  await exported(record.open, { out, ...(period && { period }) })
  return { out, pack: unpacked(out) }
}

test('a pack across a gap has every name, says what was lost and why, and verifies across it', async () => {
  const record = await resumedRecord()
  const { inside, before, anchored, resumed } = record
  const { out, pack } = await packOf(record)
  const read = (path: string) => readFileSync(join(pack, path), 'utf8')

  const names = read('keys/ledger-names.txt').trimEnd().split('\n').map(readVerifierKey)
  expect(names.map((key) => key?.name)).toEqual([before.name, resumed.origin])
  expect(JSON.parse(read('manifest.json'))).toMatchObject({
    origin: resumed.origin,
    names: [before.name, resumed.origin],
    gaps: [
      {
        index: resumed.index,
        shared: inside.size,
        reason: 'the disk of the database burned',
        anchored: { anchor: 'vault', size: anchored.checkpoint.size, checkpoint: anchored.text },
      },
    ],
  })
  expect(read('README.md')).toMatch(/## Gaps[\s\S]*is lost[\s\S]*the disk of the database burned/)
  expect(read('reports/ledger-gaps.csv')).toContain(`"${resumed.origin}"`)
  const { controls } = JSON.parse(read('reports/control-matrix.json'))
  expect(controls.find(({ id }: { id: string }) => id === 'AU-9').exceptions).toMatchObject([
    { table: 'ledger-gaps.csv', rows: 1 },
    { table: 'disputed-anchors.csv', rows: 0 },
  ])
  expect(read('log/anchored.ndjson').trimEnd().split('\n')).toHaveLength(2)

  const kept = keptOf('mine', inside.checkpoint)
  const found = await verifyPack(out, { ...against(kept, anchored), key: before })
  expect(found).toMatchObject({ wrong: null, madeAgain: true, lost: [anchored] })
  const given = [inside.checkpoint, anchored.text]
  const sound = python(pack, given, [resumed.index])
  expect(sound).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/GAP: at \d+[\s\S]*burned[\s\S]*some of them are lost/),
  })
  for (const accepted of [[], [resumed.index - 1]])
    expect(python(pack, given, accepted), `accepted: ${accepted}`).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/LOST: .*--accept-gap/),
    })
  expect(python(pack, [inside.checkpoint]), 'nothing lost was given').toMatchObject({ status: 0 })
  for (const [accepted, code] of [
    [[resumed.index], 0],
    [[], 2],
  ] as const)
    expect(await verifyPackCommand(out, { ...against(kept, anchored), accepted })).toBe(code)
  expect(sound.stdout).toContain('2 checkpoints that anchors took fit')
})

test('a gap explains nothing else in a pack, and nobody takes it out, also when the list of hashes is written anew', async () => {
  const record = await resumedRecord()
  const { before, anchored, resumed, inside } = record
  const { out, pack } = await packOf(record)
  const named = anchored.checkpoint.size
  for (const beyond of [foreign(before, named + 1), foreign(before, named, 8)]) {
    const found = await verifyPack(out, against(beyond))
    expect(found.wrong?.what).toContain('the gap does not explain it')
    expect(python(pack, [beyond.text])).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('does not explain'),
    })
  }
  const rewritten = foreign(before, inside.size)
  expect((await verifyPack(out, against(rewritten))).wrong?.what).toContain('rewritten')
  expect(python(pack, [rewritten.text])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('rewritten'),
  })

  const tamperings: readonly [string, string, (text: string) => string][] = [
    ['the gap is taken out', 'log/gaps.ndjson', () => ''],
    ['the gap says less', 'log/gaps.ndjson', (text) => text.replace(`"shared":${inside.size}`, '"shared":0')],
    ['its reason', 'log/gaps-values.ndjson', (text) => text.replace('burned', 'was fine')],
    ['a name', 'keys/ledger-names.txt', (text) => text.split('\n').slice(1).join('\n')],
    ['what the manifest says', 'manifest.json', (text) => text.replace('burned', 'was fine')],
    ['another checkpoint', 'log/anchored.ndjson', (text) => text.replace(/"size":\d+/, '"size":1')],
  ]
  expect(resumed.index).toBeGreaterThan(0)
  for (const [what, path, change] of tamperings) {
    const at = join(folder(), 'pack')
    cpSync(pack, at, { recursive: true })
    writeFileSync(join(at, path), change(readFileSync(join(at, path), 'utf8')))
    summedAnew(at)
    expect((await verifyPack(repacked(at, folder()), against())).wrong, what).not.toBeNull()
    expect(python(at), what).toMatchObject({ status: 2 })
  }
})

test('a period that ended before the gap says it all the same', async () => {
  const record = await resumedRecord()
  const { pack, out } = await packOf(record, {
    since: '2026-11-24T14:00:00.000Z',
    until: '2026-11-24T14:00:00.001Z',
  })

  expect(readFileSync(join(pack, 'README.md'), 'utf8')).toContain('## Gaps')
  expect(await verifyPack(out, against())).toMatchObject({ wrong: null, claims: { resumptions: [{}] } })
  expect(python(pack)).toMatchObject({ status: 0, stdout: expect.stringContaining('GAP: at') })
})

test('no evidence is made where an anchored checkpoint is not of the tree', async () => {
  const record = await resumedRecord()
  await tampered(record.open.pool, `UPDATE anchored_checkpoints SET size = size - 1 WHERE position = 1`)

  await expect(packOf(record)).rejects.toThrow(/that vault took is not of this tree/)
})
