import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { type Granted, granted, redeems } from '../../support/grantedRequest.ts'
import { redeemingWorld } from '../../support/redeemingWorld.ts'

type House = Awaited<ReturnType<typeof redeemingWorld>>

let house: House
let what: Granted
beforeEach(async () => {
  house = await redeemingWorld()
  what = await granted(house.world, { jkt: 'thumbprint' })
})

const proof = (nth: number) => ({
  jkt: 'thumbprint',
  ath: createHash('sha256').update(what.token).digest('base64url'),
  name: `dpop thumbprint ${nth}`,
})
const tries = (change: Parameters<typeof redeems>[3]) =>
  redeems(house.world, what, house.cast.agent, change).then(
    ({ request }) => request.state,
    (refusal) => refusal.code,
  )
const other = 'sha256:0000000000000000000000000000000000000000000000000000000000000000'

test('a proof that was shown with a call that was refused proves nothing in another, which is on record', async () => {
  expect(await tries({ proved: proof(1), named: other })).toBe('digest_mismatch')

  expect(await tries({ proved: proof(1) })).toBe('invalid_dpop_proof')

  expect(house.lastWhy()).toBe('proof_shown')
  expect(await house.stateOf(what)).toBe('approved')
  expect(await tries({ proved: proof(2) }), 'control: a new one').toBe('executing')
})

test('whoever lost the answer gets it again, with the very same call or with a new proof', async () => {
  expect(await tries({ proved: proof(1) })).toBe('executing')

  expect(await tries({ proved: proof(1) })).toBe('executing')
  expect(await tries({ proved: proof(2) })).toBe('executing')

  expect(house.entriesOf('grant.redeemed')).toHaveLength(1)
  expect(house.entriesOf('redemption.repeated')).toHaveLength(2)
})

test('with the proof that redeemed, another attempt is refused, and so is the attempt with a proof of another call', async () => {
  expect(await tries({ proved: proof(1), named: other })).toBe('digest_mismatch')
  expect(await tries({ proved: proof(2) })).toBe('executing')

  expect(await tries({ proved: proof(2), attempt: 'attempt-2' })).toBe('invalid_dpop_proof')
  expect(await tries({ proved: proof(1) })).toBe('invalid_dpop_proof')
  expect(await tries({ proved: proof(3), attempt: 'attempt-2' })).toBe('grant_spent')
})

test('the call that redeemed, with another digest and so with its proof, is a second use each time, on record once, and told once', async () => {
  expect(await tries({ proved: proof(1) })).toBe('executing')

  for (const nth of [1, 2, 3]) {
    expect(await tries({ proved: proof(1), named: other })).toBe('grant_spent')
    expect(house.entriesOf('grant.replayed', 'token.refused')).toHaveLength(nth)
  }

  expect(house.entriesOf('grant.replayed').map(({ data }) => data.told)).toEqual([true, false, false])
  expect(await tries({ proved: proof(1) }), 'control: as it was').toBe('executing')
})

test('the same call twice at once is one redemption, and both hear so', async () => {
  const both = await Promise.all([tries({ proved: proof(1) }), tries({ proved: proof(1) })])

  expect(both).toEqual(['executing', 'executing'])
  expect(house.entriesOf('grant.redeemed')).toHaveLength(1)
})

test('what goes wrong a second time is told once, whatever proof it comes with', async () => {
  expect(await tries({ proved: proof(1) })).toBe('executing')

  expect(await tries({ proved: proof(2), attempt: 'attempt-2' })).toBe('grant_spent')
  expect(await tries({ proved: proof(3), attempt: 'attempt-3' })).toBe('grant_spent')

  expect(house.entriesOf('grant.replayed').map(({ data }) => data.told)).toEqual([true, false])
})
