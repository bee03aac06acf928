import { expect, test } from 'vitest'
import { providerFindings } from '../../src/cli/providerFindings.ts'
import { signIns, testProvider } from '../support/testIssuer.ts'

test('each identity provider is asked for its keys: of two of which one refuses, the other is found right', async () => {
  const [one, other] = [await testProvider(), await testProvider('https://other.example.com')]
  const read = async (url: string) => {
    if (!url.startsWith(signIns)) throw new Error('it answered 404')
    return one.document()
  }

  expect(await providerFindings([one.provider, other.provider], read)).toEqual([
    {
      name: `identity provider ${signIns}`,
      ok: true,
      detail: 'publishes 1 key; 3 of its people are known here',
      fix: null,
    },
    {
      name: 'identity provider https://other.example.com',
      ok: false,
      detail: 'https://other.example.com/keys: it answered 404',
      fix: expect.stringContaining('OIDC_FILE'),
    },
  ])
})

test('a page of something else is no set of keys', async () => {
  const { provider } = await testProvider()

  expect(await providerFindings([provider], async () => '<html>')).toMatchObject([
    { ok: false, detail: `${signIns}/keys: it answered with something that is no set of keys` },
  ])
})
