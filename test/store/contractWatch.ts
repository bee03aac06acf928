import { expect, onTestFinished, test } from 'vitest'
import { settledAtOnce } from '../../src/approvals/change.ts'
import type { Subject } from './contract.ts'
import { approval, approved, madeLine, madeRequest, newId, submission } from './made.ts'

export function watchersWake(open: () => Promise<Subject>): void {
  test('wake when their request changes, and not for another', async () => {
    const { store } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    await store.commit(submission(request))
    let others = 0
    onTestFinished(store.watch(other.id, () => (others += 1)))
    const woken = new Promise<void>((resolve) => onTestFinished(store.watch(request.id, () => resolve())))

    await store.commit(approval(request))
    await woken

    expect(await store.request(request.id)).toMatchObject({ state: 'approved' })
    expect(others).toBe(0)
  })

  test('hear which version a request has by now, and of what was only recorded about it that it is as it was', async () => {
    const { store } = await open()
    const request = madeRequest()
    const heard: (number | undefined)[] = []
    const all = new Promise<void>((resolve) =>
      onTestFinished(store.watch(request.id, (version) => heard.push(version) === 3 && resolve())),
    )

    await store.commit(submission(request))
    await store.commit({ entries: [madeLine({ request: request.id })] })
    await store.commit(approval(request))
    await all

    expect(heard).toEqual([1, 0, 2])
  })

  test('of everything hear of each request by its id, and of what nobody has to decide that there is some', async () => {
    const { store } = await open()
    const [asked, allowed] = [madeRequest(), approved(madeRequest())]
    const heard: (string | null)[] = []
    const all = new Promise<void>((resolve) =>
      onTestFinished(
        store.watchEvery((topic) => {
          if (topic === asked.id || topic === settledAtOnce) heard.push(topic)
          if (heard.length === 2) resolve()
        }),
      ),
    )

    await store.commit(submission(asked))
    await store.commit(submission({ ...allowed, version: 1 }))
    await all

    expect(heard).toEqual([asked.id, settledAtOnce])
  })

  test('wake when the policy changes', async () => {
    const { store } = await open()
    const woken = new Promise<void>((resolve) => onTestFinished(store.watch('policy', () => resolve())))

    const version = { digest: 'sha256:1', filesDigest: 'sha256:f1', name: 'one', files: {} } as const
    await store.commit({
      policy: { version, activation: newId('act'), expected: null, at: '2026-11-24T14:00:00.000Z' },
      entries: [],
    })

    await woken
  })

  test('are not told of a change that was not applied, nor after they stopped', async () => {
    const { store } = await open()
    const request = madeRequest()
    // Notifications arrive in order: when a later one is here, an earlier one would be too.
    const everythingArrived = async () => {
      const signal = madeRequest()
      const arrived = new Promise<void>((resolve) => onTestFinished(store.watch(signal.id, () => resolve())))
      await store.commit(submission(signal))
      await arrived
    }
    await store.commit(submission(request))
    await everythingArrived()
    let wakes = 0
    const stop = store.watch(request.id, () => (wakes += 1))

    await store.commit({ request: { expected: 9, next: { ...approved(request), version: 10 } }, entries: [] })
    await everythingArrived()
    expect(wakes).toBe(0)

    stop()
    await store.commit(approval(request))
    await everythingArrived()
    expect(wakes).toBe(0)
  })
}
