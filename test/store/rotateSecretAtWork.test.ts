import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { rotateSecret } from '../../src/store/rotateSecret.ts'
import { relayTo } from '../support/relay.ts'
import { cutAt } from './cutting.ts'
import { approval, madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'
import { claim, everything, from, rested, rotating, standing, to } from './rotatingWorld.ts'

describe('killed at any of its steps', () => {
  const steps = Array.from({ length: 24 }, (_, n) => n + 1).flatMap((nth) =>
    (['before', 'after'] as const).map((when) => ({ nth, when })),
  )

  test('all of it is under the one secret or all under the other, and a second run finishes it', async () => {
    const ends: string[] = []
    for (const at of steps) {
      const url = await rested()
      const { url: cut, cut: wasCut } = await cutAt(url, at)

      const told = await rotateSecret(cut, rotating).then(
        () => 'done',
        () => 'killed',
      )
      const now = await standing(url)

      expect(now.texts, `${at.when} ${at.nth}`).toEqual(everything)
      expect(now.under).toHaveLength(1)
      expect(now.fingerprint).toBe(now.under[0] === 'new' ? to.fingerprint : from.fingerprint)
      expect(now.entries).toBe(now.under[0] === 'new' ? 1 : 0)
      if (wasCut()) ends.push(`${told}, ${now.under[0]}`)
      await rotateSecret(url, rotating)
      expect(await standing(url)).toMatchObject({ texts: everything, under: ['new'], entries: 1 })
    }
    // control: it was killed before its commit, and after it, too.
    expect(new Set(ends)).toEqual(new Set(['killed, old', 'killed, new', 'done, new']))
  }, 120_000)
})

describe('while somebody works', () => {
  test('a server is named, and nothing is changed', async () => {
    const url = await rested()
    const { store, installation } = await opened(url)
    await installation(claim)
    await store.beat({ id: 'rep_1', name: 'host-one (process 7)', policy: null })

    await expect(rotateSecret(url, rotating)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('host-one (process 7)'),
    })

    expect(await standing(url)).toMatchObject({ under: ['old'], fingerprint: from.fingerprint })
  })

  test('one that comes back after its connections were lost gets no session, writes nothing, and ends', async () => {
    const url = await rested()
    const relay = await relayTo(url)
    const { store, installation, replaced } = await opened(relay.url)
    await installation(claim)
    const request = madeRequest({ id: 'req_2' })
    await store.commit(submission(request)) // control: before, it writes
    relay.refuse()
    expect(await rotateSecret(url, rotating)).not.toBeNull()
    relay.recover()

    await expect(store.commit(approval(request))).rejects.toMatchObject({ reason: 'refused', unknown: false })

    expect(replaced.reason).toMatchObject({ code: 'other_secret' })
  })

  test('whoever opens the installation meanwhile waits, and then meets the new secret', async () => {
    const url = await rested()
    const late = await openStore({ databaseUrl: url, log: silent })
    await late.close()
    let opening: Promise<unknown> = Promise.resolve()
    const done = await rotateSecret(url, {
      ...rotating,
      entry(found) {
        opening = openStore({ databaseUrl: url, log: silent }).then(async (open) => {
          const told = await open.installation(claim).catch((fault: unknown) => fault)
          await open.close()
          return told
        })
        return rotating.entry(found)
      },
    })

    expect(done?.again).toHaveLength(4)
    expect(await opening).toMatchObject({ code: 'other_secret' })
  })
})
