import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/core/canonical.ts'
import { readCheckpoint, signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { leafText } from '../../src/ledger/leaf.ts'
import {
  isNoteName,
  isSignedBy,
  type NoteSigner,
  noteSigner,
  readNote,
  readVerifierKey,
  signedNote,
  verifierKey,
} from '../../src/ledger/note.ts'
import { bundleOf, hasTile, leavesOf, tileAt, tilePath } from '../../src/ledger/tile.ts'
import { readTlogProof, tlogProofText } from '../../src/ledger/tlogProof.ts'

const vectors: Readonly<Record<'verifierKey' | 'seed' | 'text' | 'signature' | 'checksumDatabase', string>> =
  JSON.parse(readFileSync(new URL('../vectors/signedNote.json', import.meta.url), 'utf8'))

/** PKCS #8 around the 32 bytes of an Ed25519 key (RFC 8410). */
function pemOf(seed: Buffer): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return String(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }),
  )
}

const signer: NoteSigner = noteSigner('PeterNeumann', pemOf(Buffer.from(vectors.seed, 'base64').subarray(1)))
const root = Buffer.alloc(32, 7)
const head = { size: 70_000, root }

describe('signed notes', () => {
  const note = `${vectors.text}\n${vectors.signature}`

  test('are byte for byte those of Go, and so is the verifier key', () => {
    expect(signedNote(vectors.text, signer)).toBe(note)
    expect(verifierKey(signer)).toBe(vectors.verifierKey)
  })

  test.each([vectors.verifierKey, vectors.checksumDatabase])('a verifier key is read: %s', (text) => {
    const key = readVerifierKey(text)

    expect(key && verifierKey(key)).toBe(text)
  })

  test('a verifier key that is cut, or of which a character is another, is none', () => {
    const text = vectors.verifierKey
    for (let at = 0; at < text.length; at += 1) {
      expect(readVerifierKey(text.slice(0, at))).toBeNull()
      expect(readVerifierKey(`${text.slice(0, at)}*${text.slice(at + 1)}`)).toBeNull()
    }
  })

  test('are believed as they were signed, by whom they were signed, and in no other way', () => {
    const read = readNote(note)
    const key = readVerifierKey(vectors.verifierKey)
    if (!read || !key) throw new Error('a note and its key')

    expect(isSignedBy(read, key)).toBe(true)
    expect(isSignedBy({ ...read, text: read.text.replace('answer', 'Answer') }, key)).toBe(false)
    expect(isSignedBy(read, { ...key, name: 'PeterNewmann' })).toBe(false)
    expect(isSignedBy(read, { ...key, publicKey: Buffer.from(key.publicKey).fill(1, 0, 1) })).toBe(false)
    expect(isSignedBy({ ...read, signatures: [] }, key)).toBe(false)
  })

  test.each([
    '',
    'no empty line\n',
    'text\n\n',
    'text\n\n- PeterNeumann x08go/ZJ\n',
    `${note}more`,
    note.slice(0, -1),
  ])('%j is none', (text) => expect(readNote(text)).toBeNull())

  test.each([
    ['acme.test/countersign', true],
    ['countersign/wsp_01k', true],
    ['', false],
    ['two words', false],
    ['a+b', false],
    ['line\n', false],
  ])('%j is a name: %s', (name, is) => expect(isNoteName(name)).toBe(is))
})

describe('checkpoints', () => {
  test('say which log, how many leaves and the root, and are read as they were written', () => {
    const text = signedCheckpoint(head, signer)

    expect(text.split('\n').slice(0, 4)).toEqual(['PeterNeumann', '70000', root.toString('base64'), ''])
    expect(readCheckpoint(text)).toMatchObject({ origin: 'PeterNeumann', ...head })
  })

  test.each([
    ['070000', root.toString('base64')],
    ['-1', root.toString('base64')],
    ['1e3', root.toString('base64')],
    ['9007199254740993', root.toString('base64')],
    ['7', root.subarray(1).toString('base64')],
    ['7', root.toString('hex')],
  ])('a size of %s with a root of %s is none', (size, encoded) => {
    expect(readCheckpoint(signedNote(`PeterNeumann\n${size}\n${encoded}\n`, signer))).toBeNull()
  })
})

describe('tiles', () => {
  test.each([
    [{ level: 0, n: 0, width: 256 }, 'tile/0/000'],
    [{ level: 3, n: 1_234_067, width: 256 }, 'tile/3/x001/x234/067'],
    [{ level: 0, n: 1_000, width: 8 }, 'tile/0/x001/000.p/8'],
    [{ level: 'entries', n: 70, width: 255 }, 'tile/entries/070.p/255'],
  ] as const)('%j stands at %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(tileAt(path)).toEqual(tile)
  })

  test.each([
    'tile/00/000',
    'tile/0/0',
    'tile/0/1234',
    'tile/0/x000/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/08',
    'tile/-1/000',
    'tile/0/000/',
    'tile/data/000',
    '../tile/0/000',
  ])('%s is the path of none', (path) => expect(tileAt(path)).toBeNull())

  test('a tree has the tiles whose hashes it has', () => {
    expect(hasTile({ level: 0, n: 0, width: 256 }, 256)).toBe(true)
    expect(hasTile({ level: 1, n: 0, width: 1 }, 256)).toBe(true)
    expect(hasTile({ level: 1, n: 0, width: 1 }, 255)).toBe(false)
    expect(hasTile({ level: 0, n: 0, width: 256 }, 255)).toBe(false)
    expect(hasTile({ level: 'entries', n: 1, width: 3 }, 259)).toBe(true)
    expect(hasTile({ level: 'entries', n: 1, width: 4 }, 259)).toBe(false)
  })

  test('entries come out of a bundle as they went in', () => {
    const leaves = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
    fc.assert(
      fc.property(leaves, (entries) => {
        expect(leavesOf(bundleOf(entries)).map((one) => [...one])).toEqual(entries.map((one) => [...one]))
      }),
    )
    const bundle = bundleOf([Buffer.from('an entry'), Buffer.alloc(65_535)])
    expect(bundle.subarray(0, 4).toString('hex')).toBe('0008616e')
    expect(() => leavesOf(bundle.subarray(0, -1))).toThrow(RangeError)
  })
})

describe('proof files', () => {
  const proof = { index: 3, path: [root, Buffer.alloc(32, 8)], checkpoint: signedCheckpoint(head, signer) }

  test('are read as they were written', () => {
    const text = tlogProofText(proof)

    expect(text.startsWith(`c2sp.org/tlog-proof@v1\nindex 3\n${root.toString('base64')}\n`)).toBe(true)
    expect(readTlogProof(text)).toEqual(proof)
    expect(readTlogProof(tlogProofText({ ...proof, path: [] }))).toEqual({ ...proof, path: [] })
    expect(readTlogProof(text.replace('\nindex', '\nextra AAAA\nindex'))).toEqual(proof)
  })

  test.each([
    ['another version', (text: string) => text.replace('@v1', '@v2')],
    ['an index with a zero in front', (text: string) => text.replace('index 3', 'index 03')],
    ['a hash that is cut', (text: string) => text.replace(root.toString('base64'), 'BwcH')],
    ['no checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n'))],
  ])('%s is none', (_, spoil) => expect(readTlogProof(spoil(tlogProofText(proof)))).toBeNull())
})

describe('the leaf of an entry', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(',"subject":{', '","subject":{"id":"', '\\","subject":{'),
  )
  const entries = fc.record({
    v: fc.constant(1),
    id: words,
    ts: words,
    type: words,
    ws: words,
    actor: fc.record({ kind: words, id: words, via: words }),
    subject: fc.record({ kind: words, id: words }),
    request: fc.option(words),
    action_digest: fc.option(words),
    policy: fc.option(words),
    data: fc.dictionary(words, fc.oneof(words, fc.record({ subject: fc.record({ id: words }) }))),
    blobs: fc.array(fc.record({ name: words, sha256_salted: words, bytes: fc.nat() })),
  })

  test('is the RFC 8785 text of the entry with its index, whatever stands in it', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (entry, seq) => {
        expect(leafText(canonical(entry), seq)).toBe(canonical({ ...entry, seq }))
      }),
    )
  })

  test.each([
    ['an index that is none', () => leafText('{"request":null,"subject":{}}', -1)],
    ['half an index', () => leafText('{"request":null,"subject":{}}', 0.5)],
    ['a text that is no entry', () => leafText('{}', 0)],
  ])('there is none of %s', (_, made) => expect(made).toThrow(RangeError))
})
