import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { directoryAnchor } from '../../src/anchors/directory.ts'
import type { Anchor } from '../../src/approvals/ledger/anchors/anchor.ts'
import { AnchorFault } from '../../src/approvals/ledger/anchors/anchor.ts'
import { standings } from '../../src/cli/anchors.ts'
import { anchoredIn } from '../../src/ledger/anchored.ts'
import { temporaryDirectory } from '../server/serve.ts'
import { opened } from '../store/opened.ts'
import { foreign } from '../store/resumedWorld.ts'
import { recorded, sealed } from '../store/sealingWorld.ts'

async function said(anchors: readonly Anchor[], store: Parameters<typeof standings>[1]) {
  const { lines, isSound } = await standings(anchors, store)
  return { lines: lines.map((line) => stripVTControlCharacters(line)), isSound }
}

test('audit anchors says what each took and has, and ends as wrong only where the ledger does not go on from one', async () => {
  const open = await opened()
  await sealed(open)
  const vault = directoryAnchor({ name: 'vault', path: temporaryDirectory() })
  const put = async () => {
    const tree = await open.anchored.tree()
    const next = tree && anchoredIn(tree.checkpoint, tree.here)
    if (!tree || !next) throw new Error('there is a ledger')
    await vault.put(next, tree.here.first, open.anchored)
  }
  const deaf: Anchor = {
    ...vault,
    name: 'deaf',
    newest: async () => {
      throw new AnchorFault('nobody there')
    },
  }
  const shown: Anchor = { ...vault, name: 'channel', newest: null }

  expect(await said([vault], open.anchored)).toEqual({
    lines: ['? vault  directory  took nothing yet', '    it has nothing yet'],
    isSound: true,
  })
  await put()
  expect((await said([vault], open.anchored)).lines[1]).toMatch(
    /from before the first entry, which shows nothing yet/,
  )
  await recorded(open, 3)
  const signer = await sealed(open)
  await put()
  expect(await said([vault, shown, deaf], open.anchored)).toEqual({
    lines: [
      '✓ vault  directory  took nothing yet',
      '    it has 3 entries, and the ledger goes on from them',
      '· channel  directory  took nothing yet',
      '    it shows checkpoints, and is not read',
      '✗ deaf  directory  took nothing yet',
      '    nobody there',
    ],
    isSound: true,
  })

  const { here } = (await open.anchored.tree()) ?? {}
  const more = here && anchoredIn(foreign(signer, 9).text, here)
  if (!here || !more) throw new Error('it is one of this ledger')
  await vault.put(more, here.first, open.anchored)
  const behind = await said([vault], open.anchored)
  expect(behind.isSound).toBe(false)
  expect(behind.lines[1]).toMatch(
    /the database is older than an anchor: vault has a checkpoint of acme.test\/ledger with 9 entries, and here are 3/,
  )
})
