import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryAnchor } from '../../src/anchors/directory.ts'
import { temporaryDirectory } from '../server/serve.ts'
import { grownTree } from './grownTree.ts'

const tree = grownTree()

test('the names of the ledgers in a directory are said, and nothing that could not be shown to people', async () => {
  const path = temporaryDirectory()
  const anchor = directoryAnchor({ name: 'vault', path })
  await anchor.put(tree.at(2), tree.first, tree.proofs)
  expect(await anchor.ledgers?.()).toEqual([tree.first])

  const [folder = ''] = readdirSync(path)
  const forged = join(
    path,
    folder.replace('acme', 'evil'),
    '0001/0/000/000/000/000/0000000000000009.checkpoint',
  )
  mkdirSync(dirname(forged), { recursive: true })
  writeFileSync(forged, tree.at(2).text.replace(tree.first, 'evil\u001b[2J'))
  mkdirSync(join(path, `\u001b[2J-${'0'.repeat(16)}`))

  expect(await anchor.ledgers?.()).toEqual([tree.first, folder.replace('acme', 'evil')])
})

test('the newest is found among folders of every level, empty ones and files with the names of folders', async () => {
  const path = temporaryDirectory()
  const anchor = directoryAnchor({ name: 'vault', path })
  for (const size of [1, 999, 1_000, 1_001]) await anchor.put(tree.at(size), tree.first, tree.proofs)
  const [folder = ''] = readdirSync(path)
  mkdirSync(join(path, folder, '0001/9/999/999'), { recursive: true })
  writeFileSync(join(path, folder, '0009'), 'a file')
  writeFileSync(join(path, folder, '0001/8'), 'a file')

  const newest = await anchor.newest?.(tree.first, tree.reading)
  const before = await anchor.newest?.(tree.first, tree.reading, { upTo: 1_000 })

  expect(newest?.anchored?.checkpoint.size).toBe(1_001)
  expect(newest?.strange).toBeNull()
  expect(before?.anchored?.checkpoint.size).toBe(1_000)
})
