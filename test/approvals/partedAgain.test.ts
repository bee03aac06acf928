import { beforeEach, describe, expect, test } from 'vitest'
import { email, partingWorld } from '../support/partingWorld.ts'
import { ask, click } from '../support/world.ts'

let { store, world, link, unlink, personAt } = await partingWorld()
beforeEach(async () => {
  ;({ store, world, link, unlink, personAt } = await partingWorld())
})

describe('requests from before a parting keep the joined person for good, however often they are joined and parted since:', () => {
  test.each(['sam', 'alice'])('an account that was parted from Alice, and then from %s', async (other) => {
    const request = await ask(world, 'db.export')
    await link()
    await unlink()
    await link(other, 'bob')

    await unlink()

    expect((await store.accounts([`person:${await personAt('U0BOB')}`]))[0]?.parted).toHaveLength(2)
    await expect(click(world, request.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('it is behind what either of the two asked for, and both stay two for everything else', async () => {
    const [ofAlice, ofSam] = [
      await ask(world, 'db.export'),
      await ask(world, 'db.export', { initiator: email('sam') }),
    ]
    await link()
    await unlink()
    await link('sam', 'bob')
    await unlink()

    for (const { id } of [ofAlice, ofSam])
      await expect(click(world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, ofAlice.id, 'U0SAM')).resolves.toMatchObject({ repeated: false })
  })

  test('its vote stays one with the votes of both, in whichever order', async () => {
    world.directory.groups.set('S0IAM', ['U0ALICE', 'U0BOB', 'U0SAM'])
    const request = await ask(world, 'iam.change', { initiator: email('omar') })
    await link()
    await unlink()
    await link('sam', 'bob')
    await unlink()

    await click(world, request.id, 'U0BOB')

    for (const user of ['U0ALICE', 'U0SAM'])
      await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('also of whom the person was parted from before that it was parted from', async () => {
    const request = await ask(world, 'db.export', { initiator: email('sam') })
    await link()
    await link('sam', 'alice')
    // Alice goes with whoever was joined to her, and then Bob.
    await unlink()
    await unlink()
    expect(new Set(await Promise.all(['U0ALICE', 'U0BOB', 'U0SAM'].map(personAt))).size).toBe(3)

    for (const user of ['U0BOB', 'U0ALICE'])
      await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('control: what was asked between the partings is behind only the one it was joined to then', async () => {
    await link()
    await unlink()
    const ofAlice = await ask(world, 'db.export')
    const ofSam = await ask(world, 'db.export', { initiator: email('sam') })
    await link('sam', 'bob')

    await unlink()

    await expect(click(world, ofSam.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, ofAlice.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })
})
