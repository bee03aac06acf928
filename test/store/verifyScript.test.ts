import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'

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
