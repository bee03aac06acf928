import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sealedLedgerKey } from '../../src/approvals/ledger/beginLedger.ts'
import { sealBatch } from '../../src/approvals/ledger/sealBatch.ts'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { judgeLost } from '../../src/cli/gaps.ts'
import { anchoredIn, standingTo } from '../../src/ledger/anchored.ts'
import { signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import { type NoteSigner, noteKeyId, noteSigner } from '../../src/ledger/note.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { testSealer } from '../support/testSealer.ts'
import { madeLine } from './made.ts'
import { opened, silent } from './opened.ts'
import { foreign, keptOf, wentOn } from './resumedWorld.ts'
import { beginning, recorded, sealed, tampered } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

function verified({ databaseUrl }: Open, kept: readonly KeptCheckpoint[] = []) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    return verifyLedger(ledger, { kept, key: null, progress: () => undefined })
  })
}

/** Two checkpoints of the backup, a gap of which 4 entries are certainly the same, and three entries after it. */
async function resumedLedger() {
  const open = await opened()
  const own: KeptCheckpoint[] = []
  for (const count of [4, 3]) {
    await recorded(open, count)
    await sealed(open)
    const { head } = await beginning(open)
    own.push(keptOf(`the one of ${head.size}`, head.checkpoint))
  }
  const { before, anchored, resumed } = await wentOn(open, { more: 5, shared: 4 })
  await recorded(open, 3)
  await sealed(open)
  return { open, own, before, anchored, resumed }
}

test('after a gap, what was shared and what the database had fits; what the gap names, and less, is lost', async () => {
  const { open, own, before, anchored } = await resumedLedger()
  const less = foreign(before, anchored.checkpoint.size - 1)

  const found = await verified(open, [...own, less, anchored])

  expect(found).toMatchObject({ wrong: null, resumptions: [{ shared: 4 }] })
  expect(found.lost?.map(({ from }) => from)).toEqual([less.from, anchored.from])
})

test('gap-explains-nothing-else: a rewrite is not explained by a gap: more than it names, another of the same size, or what was shared', async () => {
  const { open, before, anchored } = await resumedLedger()
  const named = anchored.checkpoint.size

  for (const beyond of [foreign(before, named + 1), foreign(before, named, 8)])
    expect((await verified(open, [anchored, beyond])).wrong, beyond.from).toMatchObject({
      what: expect.stringContaining('the gap does not explain it'),
      expected: expect.stringContaining(`with ${named} entries that vault had`),
    })
  for (const size of [2, 4])
    expect((await verified(open, [foreign(before, size)])).wrong?.what).toMatch(/was rewritten/)
  expect((await verified(open, [anchored])).wrong, 'control').toBeNull()
})

test('a later name without its entry is wrong', async () => {
  const { open, resumed } = await resumedLedger()
  await tampered(
    open.pool,
    `UPDATE entries SET text = replace(text, '"ledger.resumed"', '"ledger.renamed"'), type = 'ledger.renamed' WHERE type = 'ledger.resumed'`,
  )

  expect((await verified(open)).wrong).toMatchObject({ index: resumed.index })
})

describe('an entry that would explain a gap', () => {
  /** As whoever has the database and the key can write it. */
  async function forged(anchored: (found: { before: NoteSigner; origin: string }) => object) {
    const open = await opened()
    await recorded(open, 6)
    const before = await sealed(open)
    const found = await open.resumption.current()
    if (!found) throw new Error('there is one')
    const { head, key, first } = found
    const pem = testSealer.open(key.sealed, sealedLedgerKey(key))
    const signer = noteSigner(`${first}/2`, pem)
    const id = noteKeyId(signer).toString('hex')
    const data = {
      origin: signer.name,
      before: first,
      size: head.size,
      shared: 0,
      second: 'psn_2',
      agreed: 'no',
    }
    await open.resumption.goOn({
      from: head,
      key: { ...key, id, origin: signer.name, sealed: testSealer.seal(pem, sealedLedgerKey({ id })) },
      checkpoint: signedCheckpoint(head, signer),
      entry: madeLine({
        type: 'ledger.resumed',
        subject: { kind: 'installation', id: 'wsp_1' },
        data: {
          ...data,
          anchored: { anchor: 'vault', origin: first, ...anchored({ before, origin: first }) },
        },
      }),
      seal: (unsealed) => sealBatch(unsealed, signer),
    })
    const left = (await open.anchored.resumptions())[0]
    const kept = foreign(before, 8)
    const here = (await open.anchored.tree())?.here
    const at = here && anchoredIn(kept.text, here)
    if (!here || !at) throw new Error('the checkpoint is of this ledger')
    const standing = standingTo(here, at, { root: null, resumptions: left ? [left] : [] })
    return { verified: await verified(open, [kept]), standing }
  }

  const stranger = noteSigner(
    'countersign/wsp_1',
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  )

  test.each([
    ['has no checkpoint with it', () => ({ size: 9, checkpoint: 'rubbish' })],
    ['has one of another size', ({ before }) => ({ size: 9, checkpoint: foreign(before, 10).text })],
    ['has one for nothing', ({ before }) => ({ size: 0, checkpoint: foreign(before, 0).text })],
    [
      'has one of another name',
      ({ before }) => ({ size: 9, origin: 'else', checkpoint: foreign(before, 9).text }),
    ],
    [
      'has one that another key signed',
      ({ origin }) => ({ size: 9, checkpoint: foreign({ ...stranger, name: origin }, 9).text }),
    ],
  ] satisfies [string, Parameters<typeof forged>[0]][])(
    'is wrong when it %s, and explains nothing',
    async (_, anchored) => {
      const found = await forged(anchored)

      expect(found.verified.wrong).toMatchObject({
        index: 6,
        what: expect.stringContaining('nobody had cause'),
      })
      expect(found.standing).toBe('another')
    },
  )

  test('control: with the checkpoint that had left the house it is right, and what is lost is named', async () => {
    const found = await forged(({ before }) => ({ size: 9, checkpoint: foreign(before, 9).text }))

    expect(found.verified).toMatchObject({ wrong: null, lost: [{ from: 'the one of 8' }] })
    expect(found.standing).toBe('goes on')
  })
})

test('a server compares a checkpoint of an earlier name, too', async () => {
  const { open, own, before, anchored } = await resumedLedger()
  const here = (await open.anchored.tree())?.here
  if (!here) throw new Error('there is one')
  const resumptions = await open.anchored.resumptions()
  const standing = async ({ text }: { readonly text: string }) => {
    const at = anchoredIn(text, here)
    if (!at) throw new Error('it is of this ledger')
    const { size } = at.checkpoint
    return standingTo(here, at, {
      root: size <= here.size ? await open.anchored.rootAt(size) : null,
      resumptions,
    })
  }

  expect(own).toHaveLength(2)
  for (const lost of [anchored, foreign(before, anchored.checkpoint.size - 1)])
    expect(await standing(lost)).toBe('goes on')
  for (const other of [foreign(before, 3), foreign(before, anchored.checkpoint.size + 1)])
    expect(await standing(other)).toBe('another')
})

test('what is lost is a finding, until whoever verifies says that they know the gap', async () => {
  const { open, anchored, resumed } = await resumedLedger()
  const found = await verified(open, [anchored])

  expect(judgeLost(found, [])).toBe(2)
  expect(judgeLost(found, [resumed.index + 1])).toBe(2)
  expect(judgeLost(found, [resumed.index])).toBe(0)
  expect(judgeLost(await verified(open), []), 'control: nothing was lost that anybody had kept').toBe(0)
})
