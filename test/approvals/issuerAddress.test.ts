import { describe, expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { whyNoIssuer } from '../../src/approvals/grants/issuerAddress.ts'
import { keySigner } from '../../src/approvals/grants/keySigner.ts'
import { claimsAt, keyHouse } from './keyHouse.ts'

describe('the address of the issuer', () => {
  test.each([
    ['https://approvals.example.com', null],
    ['https://example.com/approvals', null],
    ['http://127.0.0.1:3000', null],
    ['http://localhost:3000', null],
    ['http://[::1]:3000', null],
    ['http://approvals.example.com', 'it is not https'],
    ['http://0.0.0.0:3000', 'it is not https'],
    ['http://localhost.example.com', 'it is not https'],
    ['https://example.com?tenant=1', 'it has a query or a fragment'],
  ])('%s', (address, why) => {
    expect(whyNoIssuer(address)).toBe(why)
  })

  test('one that nobody can trust signs and publishes nothing', async () => {
    const { known, ports } = await keyHouse()
    await firstKeys(ports)
    const kid = await ports.signer.signsWith()
    const signer = keySigner(known, { address: 'http://far.test', wrong: whyNoIssuer('http://far.test') })

    for (const refused of [
      signer.signsWith(),
      signer.jwks(),
      signer.sign(claimsAt(ports), { kid, typ: 'JWT' }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'not_ready' })
  })
})
