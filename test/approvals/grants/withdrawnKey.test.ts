import { describe, expect, test } from 'vitest'
import { retireKey } from '../../../src/approvals/grants/retireKey.ts'
import { rotateKeys } from '../../../src/approvals/grants/rotateKeys.ts'
import { submit } from '../../../src/approvals/submit.ts'
import { redeems } from '../../support/grantedRequest.ts'
import { envelope, submission } from '../../support/world.ts'
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

describe('a replica that hears nothing', () => {
  const replicas = async () => {
    const house = await signing()
    const world = { ...house.world, ports: house.ports }
    const { signer } = house.replica({ deaf: true })
    const there = { ...world, ports: { ...house.ports, signer } }
    return { house, world, there }
  }

  test('redeems nothing by a key that was withdrawn a moment ago: the commit compares', async () => {
    const { house, world, there } = await replicas()
    const minted = await asksForGrant(world, (await approvedExport(world)).id)
    expect(await there.ports.signer.read(minted.token)).not.toBeNull()

    await retireKey(house.ports, { ...leaked, key: house.kid })

    expect(await there.ports.signer.read(minted.token), 'control: it has not heard').not.toBeNull()
    await expect(redeems(there, minted, callerOf(world))).rejects.toMatchObject({ code: 'invalid_grant' })
    expect((await world.store.request(minted.request.id))?.state).toBe('approved')
  })

  test('gives no answer again by it', async () => {
    const { house, world, there } = await replicas()
    const minted = await asksForGrant(world, (await approvedExport(world)).id)
    await redeems(there, minted, callerOf(world))

    await retireKey(house.ports, { ...leaked, key: house.kid })

    await expect(redeems(there, minted, callerOf(world))).rejects.toMatchObject({ code: 'invalid_grant' })
  })

  test('gives out no grant that is signed with it, at once or with a submission: another key signs', async () => {
    const { house, there } = await replicas()
    const { id } = await approvedExport(there)
    await asksForGrant(there, (await approvedExport(there)).id)

    await retireKey(house.ports, { ...leaked, key: house.kid })
    expect(await there.ports.signer.signsWith(), 'control: it has not heard').toBe(house.kid)

    const wish = { audience: null, proof: null }
    const flowing = await submit(there.ports, envelope(there), { ...submission('repo.read'), grant: wish })
    expect(flowing.request.grant?.signedWith).toBe((await house.key('active')).id)
    expect((await asksForGrant(there, id)).grant.signedWith).toBe((await house.key('active')).id)
  })

  test('control: goes on by a key that was only rotated', async () => {
    const { house, world, there } = await replicas()
    const minted = await asksForGrant(there, (await approvedExport(world)).id)

    await rotateKeys(house.ports, { ...typed, early: 'to see' })

    expect((await redeems(there, minted, callerOf(world))).request.state).toBe('executing')
  })
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
