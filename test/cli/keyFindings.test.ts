import { describe, expect, test } from 'vitest'
import { issuerFindings, keyFindings } from '../../src/cli/keyFindings.ts'
import { signing } from '../approvals/keyHouse.ts'
import { sealerOf, testSealer } from '../support/testSealer.ts'

describe('the address of the issuer', () => {
  test.each([
    ['https://approvals.example.com', { ok: true, detail: 'https://approvals.example.com' }],
    ['https://example.com/approvals', { ok: true, detail: 'https://example.com/approvals' }],
    ['http://127.0.0.1:3000', { ok: true, detail: expect.stringContaining('this machine only') }],
    [
      'https://example.com:8443',
      { ok: true, look: true, detail: expect.stringContaining('AWS takes no issuer') },
    ],
    ['http://approvals.example.com', { ok: false, fix: expect.stringContaining('BASE_URL') }],
  ])('%s', (address, says) => {
    expect(issuerFindings(address)).toEqual([expect.objectContaining(says)])
  })
})

describe('the keys', () => {
  const at = async (days: number, sealer = testSealer) => {
    const { keys, world } = await signing()
    world.clock.advance(days * 86_400)
    return keyFindings(await keys(), { sealer, keyDays: 90, now: world.clock() })
  }

  test('which one signs, and when the next one follows', async () => {
    expect(await at(1)).toEqual([
      expect.objectContaining({
        ok: true,
        detail: expect.stringMatching(/signs since 2026-11-24; \S+ follows on 2027-02-22$/),
      }),
    ])
  })

  test('that nobody has rotated them for a day, although it was time', async () => {
    expect(await at(90)).toMatchObject([{ ok: true }])
    expect(await at(91)).toMatchObject([
      { ok: false, fix: expect.stringContaining('countersign keys rotate') },
    ])
  })

  test('which of them the secret of this machine does not open', async () => {
    const found = await at(1, sealerOf('another secret'))

    expect(found).toHaveLength(2)
    for (const finding of found)
      expect(finding).toMatchObject({ ok: false, fix: expect.stringContaining('countersign keys retire') })
  })

  test('that there are none yet, and that one is missing', async () => {
    const { keys, world } = await signing()
    const by = { sealer: testSealer, keyDays: 90, now: world.clock() }
    const active = (await keys()).filter(({ status }) => status === 'active')

    expect(await keyFindings([], by)).toMatchObject([{ ok: true, detail: 'made by the first start' }])
    expect(await keyFindings(active, by)).toMatchObject([{ ok: false, detail: 'there is no next key' }])
  })
})
