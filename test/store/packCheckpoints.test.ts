import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { verifyPackCommand } from '../../src/cli/evidence/verifyPackCommand.ts'
import { signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { naiveRoot } from '../ledger/naiveTree.ts'
import { unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'
import { foreign, keptOf } from './resumedWorld.ts'
import { indexes, sealed } from './sealingWorld.ts'

const verifier = new URL('../../deploy/audit/verify.py', import.meta.url).pathname

/** By both programs: the exit codes, and what they say. */
async function judged(out: string, pack: string, texts: readonly string[]) {
  const home = folder()
  const given = texts.flatMap((text, nth) => {
    writeFileSync(join(home, `kept-${nth}.txt`), text)
    return ['--checkpoint', join(home, `kept-${nth}.txt`)]
  })
  const kept = texts.map((text, nth) => keptOf(`kept-${nth}.txt`, text))
  const { status, stdout } = spawnSync('python3', ['-I', verifier, '--pack', pack, ...given], {
    encoding: 'utf8',
  })
  return {
    codes: [status, await verifyPackCommand(out, { kept, key: null, accepted: [] })],
    stdout,
    verified: await verifyPack(out, { kept, key: null }),
  }
}

/** Nine entries on three days, a pack of the one in the middle, and the checkpoint that was signed at each size. */
async function threeDays() {
  const there = await recordingWorld()
  const { open, world } = there
  for (const day of ['02', '03', '04'])
    for (const hour of ['08', '09', '10'])
      await open.store.commit({
        entries: [
          newEntry(
            { ...world.ports, clock: () => new Date(`2026-12-${day}T${hour}:00:00.000Z`) },
            {
              type: 'decision.refused',
              actor: { kind: 'person', id: 'per_x', via: 'slack' },
              subject: { kind: 'request', id: 'req_x' },
              data: { kind: 'approve', code: 'not_in_leg' },
            },
          ),
        ],
      })
  const signer = await sealed(open)
  const hashes = (await indexes(open.pool)).map(({ hash }) => hash)
  const out = join(folder(), 'evidence.tar.gz')
  const period = { since: '2026-12-03T00:00:00.000Z', until: '2026-12-04T00:00:00.000Z' }
  const { range } = await exported(open, { out, period })
  const signedAt = (size: number) =>
    signedCheckpoint({ size, root: naiveRoot(hashes.slice(0, size)) }, signer)
  return { ...there, out, pack: unpacked(out), range, size: hashes.length, signer, signedAt }
}

test('a checkpoint from beside the period is compared as far as a proof leads through its tree, and no further: then it is neither wrong nor right', async () => {
  const { out, pack, range, size, signer, signedAt } = await threeDays()
  const shown = [range.from - 1, range.from, range.from + 1, range.to, range.to + 1, size]
  const beside = [range.from - 2, range.to + 2]

  const compared = await judged(out, pack, shown.map(signedAt))
  expect(compared).toMatchObject({ codes: [0, 0], verified: { wrong: null, uncompared: [] } })
  const unknown = await judged(out, pack, [...shown, ...beside].map(signedAt))
  expect(unknown).toMatchObject({ codes: [1, 1], verified: { wrong: null, uncompared: [{}, {}] } })
  expect(unknown.stdout).toMatch(/NOT COMPARED: .*kept-7.txt was signed by this ledger, for \d+ entries/)
  expect(unknown.stdout).toContain('Everything else that was verified is as it was sealed.')
  for (const rewritten of [range.from - 1, range.to + 1]) {
    const found = await judged(out, pack, [signedAt(range.to + 2), foreign(signer, rewritten).text])
    expect(found.codes, `${rewritten}`).toEqual([2, 2])
    expect(found.stdout).toContain('rewritten')
  }
  const later = await judged(out, pack, [foreign(signer, size + 1).text])
  expect(later.codes, 'newer than the pack').toEqual([1, 1])
})

test('a part is compared beside each entry that it proves', async () => {
  const there = await recordingWorld()
  const { denied } = await toldStories(there)
  const signer = await sealed(there.open)
  const leaves = await indexes(there.open.pool)
  const signedAt = (size: number) =>
    signedCheckpoint({ size, root: naiveRoot(leaves.slice(0, size).map(({ hash }) => hash)) }, signer)
  const own = leaves
    .filter(({ text }) => JSON.parse(text).request === denied)
    .map(({ index }) => Number(index))
  const sizes = [...new Set(own.flatMap((index) => [index, index + 1]))]
  const out = join(folder(), 'part.tar.gz')
  await exported(there.open, { out, about: { kind: 'request', id: denied } })
  const pack = unpacked(out)

  expect((await judged(out, pack, sizes.map(signedAt))).codes).toEqual([0, 0])
  expect((await judged(out, pack, [signedAt(1)])).codes).toEqual([1, 1])
  expect((await judged(out, pack, [foreign(signer, sizes[0] ?? 0).text])).codes).toEqual([2, 2])
})

test('what the auditor gives and cannot be read is not said of the pack', async () => {
  const { pack, signedAt, size } = await threeDays()
  const home = folder()
  writeFileSync(join(home, 'sound.txt'), signedAt(size))
  writeFileSync(join(home, 'cut.txt'), signedAt(size).slice(0, 40))
  const run = (...args: readonly string[]) =>
    spawnSync('python3', ['-I', verifier, '--pack', pack, ...args], { cwd: home, encoding: 'utf8' })

  expect(run('--checkpoint', 'sound.txt'), 'control').toMatchObject({ status: 0 })
  for (const args of [
    ['--checkpoint', 'missing.txt'],
    ['--checkpoint', 'cut.txt'],
    ['--key', 'no key'],
    ['--accept-gap', 'first'],
    ['--pack', 'missing'],
  ])
    expect(run(...args), args.join(' ')).toMatchObject({ status: 1 })
})
