import { expect, test } from 'vitest'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
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
