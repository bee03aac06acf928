import { join } from 'node:path'
import { expect, test } from 'vitest'
import { indexPack } from '../../src/cli/evidence/packIndex.ts'
import { unpack } from '../../src/cli/evidence/unpack.ts'
import { verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { ask, submission } from '../support/world.ts'
import { exported, folder, recordingWorld } from './packWorld.ts'
import { sealed } from './sealingWorld.ts'

/** What is held of a pack while it is verified: names, and how much. */
async function heldOf(out: string) {
  const at = folder()
  const { standing, texts, ...rest } = await unpack(out, at, () => 0)
  const index = indexPack(at)
  const kinds = Object.values({ ...index, ...standing, ...rest }).map((one) => typeof one)
  const counted = { files: [...standing.all()].length, entries: index.entries, requests: 0 }
  for (const all of index.requests()) counted.requests += Math.min(all.length, 1)
  index.close()
  return { held: { texts: [...texts.keys()].sort(), kinds: [...new Set(kinds)].sort() }, counted }
}

test('what is held of a pack is the same for few and for many requests, entries and files: names and lines stand in files', async () => {
  const { open, world } = await recordingWorld()
  const packed = async (name: string, more: number) => {
    for (let nth = 0; nth < more; nth += 1)
      await ask(world, 'deploy.start', submission('deploy.start', { params: { version: `${name} ${nth}` } }))
    await sealed(open)
    const out = join(folder(), `${name}.tar.gz`)
    await exported(open, { out })
    return out
  }
  const [few, many] = [await packed('few', 2), await packed('many', 12)]
  const [held, more] = [await heldOf(few), await heldOf(many)]

  expect(more.held).toEqual(held.held)
  expect(held.held.texts).not.toContain('SHA256SUMS')
  expect(held.held.kinds).toEqual(['function', 'number', 'string'])
  expect(more.counted.requests - held.counted.requests).toBe(12)
  expect(more.counted.files).toBeGreaterThan(held.counted.files + 12)
  expect(await verifyPack(many, { kept: [], key: null }), 'control').toMatchObject({
    wrong: null,
    entries: more.counted.entries,
  })
})
