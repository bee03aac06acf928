import { expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Replica } from '../../src/approvals/policy/replicas.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { Digest } from '../../src/core/digest.ts'
import type { Subject } from './contract.ts'
import { approval, at, madeLine, madeRequest, newId, submission } from './made.ts'

const versionOf = (digit: string, files = digit) =>
  ({ digest: `sha256:${digit}`, filesDigest: `sha256:f${files}`, name: digit, files: {} }) as const

/** Activates the bundle `sha256:<digit>` with the files `sha256:f<files>` over the active one. */
export async function activate(store: Store, digit: string, files = digit): Promise<void> {
  const expected = await store.activeFiles()
  const policy = { version: versionOf(digit, files), activation: newId('act'), expected, at }
  expect(await store.commit({ policy, entries: [] })).toBe('applied')
}

const judgedBy = (digit: string | null, given: Partial<Change> = {}): Change =>
  submission(madeRequest(), { judgedBy: digit === null ? null : `sha256:${digit}`, ...given })

/** A verdict is only written while the policy that it comes from is the active one (threats: stale-replica). */
export function judgesByTheActivePolicy(open: () => Promise<Subject>): void {
  test('what was judged by the active policy is applied, by another or by none it is outdated', async () => {
    const { store } = await open()
    await activate(store, '1')

    expect(await store.commit(judgedBy('1'))).toBe('applied')
    expect(await store.commit(judgedBy('2'))).toBe('outdated')
    expect(await store.commit(judgedBy(null))).toBe('outdated')
    await activate(store, '2')
    expect(await store.commit(judgedBy('1'))).toBe('outdated')
    expect(await store.commit(judgedBy('2'))).toBe('applied')
  })

  test('while there is no policy, only what was judged by none is applied', async () => {
    const { store } = await open()

    expect(await store.commit(judgedBy('1'))).toBe('outdated')
    expect(await store.commit(judgedBy(null))).toBe('applied')
  })

  test('what is outdated writes nothing, and its delivery may come again', async () => {
    const { store, jobKeys } = await open()
    await activate(store, '1')
    const change = judgedBy('2', { delivery: 'once' })

    expect(await store.commit(change)).toBe('outdated')

    expect(await store.requests({ limit: 10 })).toEqual([])
    expect(await store.entries(change.request?.next.id ?? '')).toEqual([])
    expect(await jobKeys()).toEqual([])
    expect(await store.commit({ ...change, judgedBy: 'sha256:1' })).toBe('applied')
  })

  test('a retry of a request that exists is told so and a delivery is a duplicate, outdated or not', async () => {
    const { store } = await open()
    await activate(store, '1')
    const request = madeRequest({ idempotencyKey: 'retry' })
    await store.commit(submission(request, { judgedBy: 'sha256:1', delivery: 'click' }))
    await activate(store, '2')
    const again = { judgedBy: 'sha256:1' } as const

    expect(await store.commit(submission(madeRequest({ idempotencyKey: 'retry' }), again))).toBe('repeated')
    expect(await store.commit(submission(madeRequest(), { ...again, delivery: 'click' }))).toBe('duplicate')
  })

  test('other tests beside the same bundle make no verdict outdated', async () => {
    const { store } = await open()
    await activate(store, '1')
    await activate(store, '1', '1b')

    expect(await store.commit(judgedBy('1'))).toBe('applied')
  })

  test('a new request that does not say by what it was judged is refused; what moves an old one need not', async () => {
    const { store } = await open()
    await activate(store, '1')
    const { judgedBy: _, ...unjudged } = judgedBy('1')
    const request = madeRequest()
    await store.commit(submission(request, { judgedBy: 'sha256:1' }))

    await expect(store.commit(unjudged)).rejects.toThrow(/by which it was judged/)
    expect(await store.commit(approval(request))).toBe('applied')
    expect(await store.commit(approval(request, { judgedBy: 'sha256:2' }))).toBe('conflict')
  })

  test('a later verdict about a request is compared too, when it says what it comes from', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    await activate(store, '1')

    expect(await store.commit(approval(request, { judgedBy: null }))).toBe('outdated')
    expect(await store.commit(approval(request, { judgedBy: 'sha256:1' }))).toBe('applied')
  })

  test('a change cannot be judged and activate a policy', async () => {
    const { store } = await open()
    const policy = { version: versionOf('1'), activation: newId('act'), expected: null, at }

    const both = { judgedBy: null, policy, entries: [madeLine()] }
    await expect(store.commit(both)).rejects.toThrow(/cannot activate a policy/)
    expect(await store.activePolicy()).toBeNull()
    expect(await store.commit(judgedBy(null, { policy: { ...policy, activation: null } }))).toBe('applied')
  })

  test('which files are active is told alone, and which were ever', async () => {
    const { store } = await open()
    const was = (digit: string, files = digit) => store.wasActive(versionOf(digit, files))
    expect([await store.activeFiles(), await was('1')]).toEqual([null, 'never'])

    await activate(store, '1')
    await activate(store, '2')
    const kept = { version: versionOf('3'), activation: null, expected: 'sha256:f2' as Digest, at }
    await store.commit({ policy: kept, entries: [] })

    expect(await store.activeFiles()).toBe('sha256:f2')
    expect(await Promise.all([was('1'), was('2'), was('1', '1b'), was('3'), was('4')])).toEqual([
      'files',
      'files',
      'bundle',
      'never',
      'never',
    ])
  })
}

export function knowsItsReplicas(open: () => Promise<Subject>): void {
  const replica = (id: string, policy: Digest | null = null): Replica => ({ id, name: `host ${id}`, policy })

  test('a beat is heard by whoever listens for that replica, and by nobody else', async () => {
    const { store } = await open()
    let others = 0
    onTestFinished(store.hearBeats('rep_2', () => (others += 1)))
    const heard = new Promise<void>((resolve) => onTestFinished(store.hearBeats('rep_1', resolve)))

    await store.beat(replica('rep_1'))
    await heard

    expect(others).toBe(0)
  })

  test('the last beat says by what a replica judges; who leaves is not listed', async () => {
    const { store } = await open()
    await store.beat(replica('rep_1'))
    await store.beat(replica('rep_2', 'sha256:f1'))
    await store.beat(replica('rep_1', 'sha256:f2'))

    expect(await store.replicas()).toEqual([
      { ...replica('rep_1', 'sha256:f2'), silentSeconds: expect.any(Number) },
      { ...replica('rep_2', 'sha256:f1'), silentSeconds: expect.any(Number) },
    ])
    await store.leave('rep_1')
    expect((await store.replicas()).map(({ id }) => id)).toEqual(['rep_2'])
  })

  test('hearing anew wakes who watches, and is no beat', async () => {
    const { store } = await open()
    let beats = 0
    onTestFinished(store.hearBeats('rep_1', () => (beats += 1)))
    const woken = new Promise<void>((resolve) => onTestFinished(store.watch('policy', () => resolve())))

    store.hearAnew()
    await woken

    expect(beats).toBe(0)
    const heard = new Promise<void>((resolve) => onTestFinished(store.hearBeats('rep_1', resolve)))
    await store.beat(replica('rep_1'))
    await heard
    expect(beats).toBe(1)
  })
}
