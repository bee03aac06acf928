import { beforeEach, describe, expect, test } from 'vitest'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import type { Submission } from '../../src/approvals/submission.ts'
import { email, partingWorld } from '../support/partingWorld.ts'
import { done, undo, undoing } from '../support/rollbackWorld.ts'
import { ask, attemptBy, click, submission } from '../support/world.ts'

let { store, world, link, unlink } = await partingWorld()
beforeEach(async () => {
  ;({ store, world, link, unlink } = await partingWorld())
})

/** Somebody asks for changes, and the agent asks again. */
async function revised(id: string, change: Partial<Submission> = {}, by = 'U0PRIYA') {
  await askForChanges(world.ports, { ...attemptBy(id, by), text: 'Fewer rows.' })
  const asked = submission('db.export', { revises: id, params: { rows: 5 } })
  return ask(world, 'db.export', { ...asked, ...change })
}

describe('own-request: a revision keeps behind it whoever was one person with the initiator when it was asked first', () => {
  test('and was parted since', async () => {
    await link()
    const first = await ask(world, 'db.export')
    await unlink()

    const revision = await revised(first.id)

    expect(revision).toMatchObject({ state: 'pending', revises: first.id })
    await expect(click(world, revision.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, revision.id, 'U0PRIYA')).resolves.toMatchObject({ repeated: false })
  })

  test('by a link that came only after it', async () => {
    const first = await ask(world, 'db.export')
    await link()
    await unlink()

    const revision = await revised(first.id)

    await expect(click(world, revision.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('however often it is asked again', async () => {
    await link()
    const first = await ask(world, 'db.export')
    await unlink()

    const second = await revised(first.id)
    const third = await revised(second.id, {
      action: submission('db.export', { params: { rows: 4 } }).action,
    })

    await expect(click(world, third.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('or with somebody who is involved in it', async () => {
    await link('omar', 'bob')
    const first = await ask(world, 'db.export', { involved: [email('omar')] })
    await unlink()

    const revision = await revised(first.id)

    await expect(click(world, revision.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('and who that was, either of the two is named again by', async () => {
    await link()
    const first = await ask(world, 'db.export', { initiator: email('bob') })
    await unlink()

    const revision = await revised(first.id, { initiator: email('bob') })

    expect(revision).toMatchObject({ revises: first.id })
    await expect(click(world, revision.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('and votes of the two are one', async () => {
    world.directory.groups.set('S0IAM', ['U0GRACE', 'U0BOB', 'U0SAM'])
    const change = { initiator: email('omar') }
    await link('grace', 'bob')
    const first = await ask(world, 'iam.change', change)
    await unlink()

    const asked = submission('iam.change', { params: { rows: 5 } })
    const revision = await revised(first.id, { ...change, action: asked.action }, 'U0SAM')
    await click(world, revision.id, 'U0GRACE')

    await expect(click(world, revision.id, 'U0BOB')).rejects.toMatchObject({ code: 'already_decided' })
  })

  test('control: what is asked by itself after the parting is decided by either', async () => {
    await link()
    await ask(world, 'db.export')
    await unlink()
    const now = await ask(world, 'db.export')
    const revision = await revised(now.id)

    await expect(click(world, revision.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })
})

describe('own-request: so does what undoes it', () => {
  test('asked for when it has run', async () => {
    await link('alice', 'noor')
    const first = await done(world)
    await unlink('noor')

    const rollback = await undo(world, first)

    await expect(click(world, rollback.id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, rollback.id, 'U0GRACE')).resolves.toMatchObject({ repeated: false })
  })

  test('declared with its revision', async () => {
    await link('alice', 'noor')
    const first = await ask(world, 'deploy.start')
    await unlink('noor')

    const { action } = submission('deploy.start', { params: { rows: 5 } })
    const change = { action, rollback: undoing('table.drop') }
    const revision = await revised(first.id, change, 'U0GRACE')
    const [rollback] = await store.rollbacksOf([revision.id])

    expect(rollback).toMatchObject({ set: revision.set })
    expect(rollback?.revises).toBeUndefined()
    await expect(click(world, revision.id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
  })
})
