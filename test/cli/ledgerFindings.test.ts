import { expect, test } from 'vitest'
import { ledgerFindings, sealingFinding } from '../../src/cli/ledgerFindings.ts'
import { readConfig } from '../../src/server/config.ts'
import { readSealing } from '../../src/store/ledger/sealingSeen.ts'
import { opened, silent } from '../store/opened.ts'
import { recorded, sealed, signerOf, tampered } from '../store/sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

async function found({ databaseUrl }: Open) {
  const seen = await readSealing(databaseUrl, silent)
  if (!seen) throw new Error('there is a ledger')
  return sealingFinding(seen)
}

test('says how large the ledger is; control: nothing is wrong where everything is sealed', async () => {
  const open = await opened()
  await recorded(open, 3)
  await sealed(open)

  expect(await found(open)).toEqual({
    ...{ name: 'ledger', ok: true, fix: null },
    detail: 'acme.test/ledger, 3 entries, sealed and signed',
  })
})

test('nothing is said where no ledger was begun', async () => {
  const { databaseUrl } = await opened()

  expect(
    await ledgerFindings(
      readConfig({ DATABASE_URL: databaseUrl, COUNTERSIGN_SECRET: 'x'.repeat(43) }, '/nowhere'),
    ),
  ).toEqual([])
})

test('entries that have waited long are named, and for how long', async () => {
  const open = await opened()
  await signerOf(open)
  await recorded(open, 2) // of a day that is long over

  expect(await found(open)).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/^2 entries wait .* for \d+ hours$/),
  })
})

test('a head that was signed long ago is something to look at', async () => {
  const open = await opened()
  await recorded(open, 1)
  await sealed(open)
  await tampered(open.pool, `UPDATE ledger_head SET signed_at = now() - interval '3 hours'`)

  expect(await found(open)).toMatchObject({
    ok: true,
    look: true,
    detail: expect.stringContaining('signed 3 hours ago'),
  })
})

test.each([
  'size = size + 1',
  'root = sha256(root)',
  `checkpoint = replace(checkpoint, E'\\n1\\n', E'\\n9\\n')`,
])('a head of which somebody set %s is found', async (change) => {
  const open = await opened()
  await recorded(open, 1)
  await sealed(open)
  await tampered(open.pool, `UPDATE ledger_head SET ${change}`)

  expect(await found(open)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('not signed with its key'),
  })
})
