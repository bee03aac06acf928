import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { proveEntry } from '../../src/approvals/ledger/proveEntry.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { verifierKey } from '../../src/ledger/note.ts'
import { readTlogProof } from '../../src/ledger/tlogProof.ts'
import { isIncluded } from '../../src/ledger/verifyProof.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { naiveLeaf, naivePath } from '../ledger/naiveTree.ts'
import { opened, silent } from './opened.ts'
import { indexes, recorded, sealed } from './sealingWorld.ts'

const prove = (databaseUrl: string, entry: string) =>
  withKeptLedger({ databaseUrl, log: silent }, async (ledger) => ledger && proveEntry(ledger, entry))

/** A ledger of 519 entries, and one that waits. */
async function standing() {
  const open = await opened()
  await recorded(open, 519)
  const signer = await sealed(open)
  const [waits] = await recorded(open, 1)
  return { ...open, signer, waits, leaves: await indexes(open.pool) }
}

test('an entry of any index is proved as RFC 6962 says, by what the database keeps', async () => {
  const { databaseUrl, leaves } = await standing()
  const hashes = leaves.map(({ hash }) => hash)

  for (const index of [0, 1, 255, 256, 300, 511, 512, 518]) {
    const proved = await prove(databaseUrl, leaves[index]?.id ?? '')
    const proof = readTlogProof(proved?.proof ?? '')
    const head = readCheckpoint(proof?.checkpoint ?? '')
    if (!proved || !proof || !head) throw new Error('a proof')

    expect(proof).toMatchObject({ index, path: naivePath(index, hashes) })
    expect(JSON.parse(proved.leaf)).toMatchObject({ id: leaves[index]?.id, seq: index })
    expect(isIncluded(head, { index, hash: naiveLeaf(Buffer.from(proved.leaf)) }, proof.path)).toBe(true)
  }
})

test('what waits, and what there is not, has no proof', async () => {
  const { databaseUrl, waits } = await standing()

  expect(await prove(databaseUrl, waits?.id ?? '')).toBeNull()
  expect(await prove(databaseUrl, 'ent_nowhere')).toBeNull()
})

test('the page for auditors verifies an entry with Python and openssl, and refuses one that was changed', async () => {
  const { databaseUrl, leaves, signer } = await standing()
  const proved = await prove(databaseUrl, leaves[300]?.id ?? '')
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-audit-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8')
  const files = {
    'prove.py': /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '',
    'entry.json': proved?.leaf ?? '',
    'entry.tlog-proof': proved?.proof ?? '',
    'key.txt': `${verifierKey(signer)}\n`,
    'changed.json': proved?.leaf.replace('agt_1', 'agt_2') ?? '',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const openssl = (signed: string) =>
    run(
      'openssl',
      ...'pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -sigfile signature.bin -in'.split(' '),
      signed,
    )

  expect(run('python3', 'prove.py', 'entry.json', 'entry.tlog-proof', 'key.txt')).toMatch(/in the tree/)
  expect(openssl('signed.txt')).toMatch(/Verified Successfully/)
  expect(() => run('python3', 'prove.py', 'changed.json', 'entry.tlog-proof', 'key.txt')).toThrow(
    /NOT in the tree/,
  )
  expect(() => openssl('key.txt')).toThrow()
})
