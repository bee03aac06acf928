import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { rotateSecret } from '../../src/store/rotateSecret.ts'
import { relayTo } from '../support/relay.ts'
import { cutAt } from './cutting.ts'
import { approval, madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'
import { claim, everything, from, rested, rotating, standing, to } from './rotatingWorld.ts'

describe('killed at any of its steps', () => {
  test('all of it is under the one secret or all under the other, and a second run finishes it', async () => {
    const url = await rested()
    const ends: string[] = []
    let [now, other] = [from, to]
    let entries = 0
    for (const at of everyStep()) {
      const there = { ...rotating, from: now, to: other }
      const { url: cut, cut: wasCut } = await cutAt(url, at)

      const told = await rotateSecret(cut, there).then(
        () => 'done',
        () => 'killed',
      )
      const found = await standing(url)

      const isReplaced = found.fingerprint === other.fingerprint
      expect(found.texts, `${at.when} ${at.nth}`).toEqual(everything)
      expect(found.under).toEqual([found.fingerprint === to.fingerprint ? 'new' : 'old'])
      expect(found.entries).toBe(entries + (isReplaced ? 1 : 0))
      ends.push(`${told}, ${isReplaced ? 'replaced' : 'as before'}`)
      if (!wasCut()) break
      // The second run: null where it was done. From there it goes back again, so that one database does for all steps.
      expect((await rotateSecret(url, there)) === null).toBe(isReplaced)
      entries += 1
      expect(await standing(url)).toMatchObject({
        fingerprint: other.fingerprint,
        texts: everything,
        entries,
      })
      const before = now
      now = other
      other = before
    }
    // control: it was killed before its commit, and after it, too, until there was nothing left to kill.
    expect(new Set(ends)).toEqual(new Set(['killed, as before', 'killed, replaced', 'done, replaced']))
  })
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

    expect(done?.again).toHaveLength(6)
    expect(await opening).toMatchObject({ code: 'other_secret' })
  })
})

/** Each thing that is sent to the database, from the first one on, for as long as somebody wants to know. */
function* everyStep() {
  for (let nth = 1; ; nth += 1) for (const when of ['before', 'after'] as const) yield { nth, when }
}
