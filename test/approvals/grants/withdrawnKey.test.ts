import { expect, test } from 'vitest'
import { retireKey } from '../../../src/approvals/grants/retireKey.ts'
import { rotateKeys } from '../../../src/approvals/grants/rotateKeys.ts'
import { redeems } from '../../support/grantedRequest.ts'
import { signing, typed } from '../keyHouse.ts'
import { approvedExport, asksForGrant, callerOf } from './granted.ts'

const leaked = { ...typed, reason: 'It has leaked' }

test('a grant whose key was withdrawn is over: nobody believes its token, and no other key signs it', async () => {
  const house = await signing()
  const world = { ...house.world, ports: house.ports }
  const { id } = await approvedExport(world)
  const minted = await asksForGrant(world, id)

  await retireKey(house.ports, { ...leaked, key: house.kid })

  await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'grant_over' })
  await house.known.look() // it is told, and otherwise looks after five seconds
  await expect(redeems(world, minted, callerOf(world))).rejects.toMatchObject({ code: 'invalid_grant' })
  const other = await asksForGrant(world, (await approvedExport(world)).id)
  expect(other.grant.signedWith).not.toBe(house.kid)
})

test('control: one whose key was only rotated is given out again, and redeemed', async () => {
  const house = await signing()
  const world = { ...house.world, ports: house.ports }
  const { id } = await approvedExport(world)
  const minted = await asksForGrant(world, id)

  await rotateKeys(house.ports, { ...typed, early: 'to see' })

  expect(await asksForGrant(world, id)).toMatchObject({ token: minted.token, repeated: true })
  expect((await redeems(world, minted, callerOf(world))).request.state).toBe('executing')
})
