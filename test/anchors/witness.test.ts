import { expect, test } from 'vitest'
import { witnessAnchor } from '../../src/anchors/witness.ts'
import { readWitnessKey } from '../../src/ledger/cosignature.ts'
import { testWitness } from '../support/testWitness.ts'
import { grownTree } from './grownTree.ts'

async function witnessed() {
  const witness = await testWitness()
  const made = () =>
    witnessAnchor({ name: 'w1', address: witness.address, key: witness.key, every: undefined })
  return { witness, made, anchor: made(), tree: grownTree() }
}

test('a witness that sees the ledger grow cosigns it, and its cosignature is verified and kept', async () => {
  const { witness, anchor, tree } = await witnessed()

  for (const size of [1, 2, 5, 5, 300]) {
    const evidence = await anchor.put(tree.at(size), tree.first, tree.proofs)
    expect(evidence).toMatchObject({
      witness: 'witness.test/w1',
      cosigned_at: '2025-11-30T10:53:20.000Z',
      cosignature: expect.stringMatching(/^— witness.test\/w1 /),
    })
  }

  expect(witness.seen.get(tree.first)?.size).toBe(300)
  expect(witness.asked).toHaveLength(5)
})

test('a process that has forgotten where the witness was hears it, and goes on from there', async () => {
  const { witness, anchor, made, tree } = await witnessed()
  await anchor.put(tree.at(7), tree.first, tree.proofs)

  await made().put(tree.at(20), tree.first, tree.proofs)

  expect(witness.asked.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 0', 'old 7'])
})

test('a fork, and a ledger that is smaller than what the witness has seen, are disputes', async () => {
  const { anchor, made, tree } = await witnessed()
  await anchor.put(tree.at(7), tree.first, tree.proofs)
  const other = grownTree('another')

  await expect(made().put(other.at(9), other.first, other.proofs)).rejects.toMatchObject({
    name: 'AnchorDispute',
    message: expect.stringContaining('does not find that this ledger goes on'),
  })
  await expect(made().put(tree.at(6), tree.first, tree.proofs)).rejects.toMatchObject({
    name: 'AnchorDispute',
    message: expect.stringContaining('with 7 entries, and here are 6'),
  })
})

test.each([
  [403, /does not know the key/],
  [404, /does not know this ledger by its name/],
  [409, /does not say which/],
  [429, /too often/],
  [500, /it answered 500/],
] as const)('an answer of %i is a fault that says what it means', async (status, says) => {
  const { witness, anchor, tree } = await witnessed()
  witness.instead = { status }

  await expect(anchor.put(tree.at(1), tree.first, tree.proofs)).rejects.toMatchObject({
    name: 'AnchorFault',
    message: expect.stringMatching(says),
  })
})

test('what is not its cosignature of exactly this checkpoint is not taken for one', async () => {
  const { witness, anchor, tree } = await witnessed()
  const { cosignature } = await anchor.put(tree.at(3), tree.first, tree.proofs)

  for (const body of ['', 'thank you\n', `${cosignature}\n`, 'x'.repeat(20_000)]) {
    witness.instead = { status: 200, body }
    await expect(anchor.put(tree.at(4), tree.first, tree.proofs)).rejects.toMatchObject({
      name: 'AnchorFault',
    })
  }
  witness.instead = { status: 200, body: `${cosignature}\n` }
  await expect(anchor.put(tree.at(3), tree.first, tree.proofs)).resolves.toBeDefined()
})

test('a key of another type, or whose id is not its own, is no key of a witness', async () => {
  const { witness } = await witnessed()

  expect(readWitnessKey(witness.key)).toMatchObject({ name: 'witness.test/w1' })
  expect(readWitnessKey(witness.key.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeNull()
  expect(readWitnessKey('a+1234abcd+AQ==')).toBeNull()
})
