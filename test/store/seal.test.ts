import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { SealFault } from '../../src/approvals/sealer.ts'
import { sealWith } from '../../src/store/seal.ts'
import { installationSecret } from '../../src/store/secretFile.ts'

const secretOf = (letter: string) => installationSecret(tmpdir(), letter.repeat(43))
const about = { purpose: 'signing-key', row: 'kid_1' }

test('a sealed text opens again, and no two seals of it are alike', () => {
  const { seal, open } = sealWith(secretOf('a'))
  const sealed = seal('Grüße 𝕏', about)

  expect(open(sealed, about)).toBe('Grüße 𝕏')
  expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').includes('Grüße')).toBe(false)
  expect(seal('Grüße 𝕏', about)).not.toBe(sealed)
})

test.each([
  ['another secret', 'b', about, (text: string) => text],
  ['another row', 'a', { ...about, row: 'kid_2' }, (text: string) => text],
  ['another purpose', 'a', { ...about, purpose: 'webhook' }, (text: string) => text],
  [
    'one changed byte',
    'a',
    about,
    (text: string) => `${text.slice(0, 9)}${text[9] === 'A' ? 'B' : 'A'}${text.slice(10)}`,
  ],
  ['a cut', 'a', about, (text: string) => text.slice(0, 20)],
  ['another form', 'a', about, (text: string) => text.replace('v1', 'v2')],
  ['nothing', 'a', about, () => ''],
])('%s does not open it, and the fault says which it is', (_, letter, asked, change) => {
  const sealed = sealWith(secretOf('a')).seal('a private key', about)

  const opening = () => sealWith(secretOf(letter)).open(change(sealed), asked)

  expect(opening).toThrow(SealFault)
  expect(opening).toThrow(`the sealed ${asked.purpose} of ${asked.row} does not open`)
})
