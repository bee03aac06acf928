import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type HeartbeatOptions, startHeartbeat } from '../../src/approvals/policy/heartbeat.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { heardHealth } from '../support/health.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'

let store: MemoryStore
let health: ReturnType<typeof heardHealth>
let now: number
beforeEach(() => {
  store = memoryStore()
  health = heardHealth()
  now = 0
})

/** A heart in a store that is as a test makes it. It beats by itself every five milliseconds; ages are counted on `now`. */
function heart(given: Partial<Store> = {}, options: Partial<HeartbeatOptions> = {}) {
  const looks: number[] = []
  let clock = 0
  const heartbeat = startHeartbeat({
    store: { ...store, ...given },
    health: health.health,
    replica: { id: 'rep_1', name: 'host (process 7)' },
    policy: () => 'sha256:f1',
    deaf: async () => void looks.push(now),
    everyMs: 5,
    elapsed: () => {
      clock += 1
      return now
    },
    ...options,
  })
  onTestFinished(heartbeat.stop)
  /** Some turns of the heart later: each looks at the clock. */
  const turns = async () => {
    const before = clock
    await expect.poll(() => clock).toBeGreaterThan(before + 8)
  }
  return { ...heartbeat, looks, turns }
}

const neverAnswers = () => new Promise<never>(() => {})

describe('a replica', () => {
  test('says that it lives and by what it judges, until it leaves', async () => {
    const { stop } = heart()

    await expect.poll(async () => (await store.replicas()).map(({ policy }) => policy)).toEqual(['sha256:f1'])
    await stop()

    expect(await store.replicas()).toEqual([])
  })

  test('is off the list when it leaves while it beats', async () => {
    let letThrough = () => {}
    const held = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    const { stop } = heart({ beat: (replica) => held.then(() => store.beat(replica)) }, { everyMs: 600_000 })

    const stopped = stop()
    letThrough()
    await stopped
    await new Promise((resolve) => setImmediate(resolve))

    expect(await store.replicas()).toEqual([])
  })

  test('a stop does not wait for a store that does not answer, and raises nothing afterwards', async () => {
    let fail = (_: Error) => {}
    const beat = () =>
      new Promise<never>((_, reject) => {
        fail = reject
      })
    const { stop } = heart({ beat, leave: neverAnswers }, { limitMs: 600_000, leaveMs: 5 })

    await stop()
    fail(new Error('the connection broke'))
    await new Promise((resolve) => setImmediate(resolve))

    expect(health.raised).toEqual([])
  })
})

describe('writing', () => {
  test('a beat that fails makes this process unfit until one succeeds', async () => {
    let readOnly = true
    heart({
      beat: async (replica) => {
        if (readOnly) throw new Error('cannot execute INSERT in a read-only transaction')
        return store.beat(replica)
      },
    })

    await expect.poll(health.now).toEqual(['cannot_write'])
    expect(health.raised[0]?.detail).toMatch(/read-only/)
    readOnly = false
    await expect.poll(health.now).toEqual([])
  })

  test('so does one that is not answered in time, and of those there are never more than two', async () => {
    let beats = 0
    const beat = () => {
      beats += 1
      return neverAnswers()
    }
    const { turns } = heart({ beat }, { limitMs: 5 })

    await expect.poll(health.now).toEqual(['cannot_write'])
    await turns()
    expect(beats).toBe(2)
  })

  test('a proof that is young is believed; an older one is made anew, once for all who ask', async () => {
    let beats = 0
    const counted = async (replica: Parameters<Store['beat']>[0]) => {
      beats += 1
      return store.beat(replica)
    }
    const { prove, beat } = heart({ beat: counted }, { everyMs: 600_000 })
    await beat()
    const before = beats

    now = 1_000
    await Promise.all([prove(), prove()])
    expect(beats).toBe(before)
    now = 1_001
    await Promise.all([prove(), prove(), prove()])
    expect(beats).toBe(before + 1)
  })

  test('a proof that does not come in time is given up, and says so', async () => {
    const { prove } = heart({ beat: neverAnswers }, { everyMs: 600_000, limitMs: 20 })

    await prove()

    expect(health.now()).toEqual(['cannot_write'])
  })
})

describe('stale-replica: hearing', () => {
  test('beats that are written and not heard: unsure, hears anew, looks directly, until one is heard', async () => {
    let [deaf, anew] = [true, 0]
    const hearers: (() => void)[] = []
    const { looks, turns } = heart(
      {
        beat: async (replica) => {
          await store.beat(replica)
          if (!deaf) for (const heard of hearers) heard()
        },
        hearBeats: (_, heard) => {
          hearers.push(heard)
          return () => {}
        },
        hearAnew: () => {
          anew += 1
        },
      },
      { deafAfterMs: 1_000 },
    )

    now = 1_000
    await turns()
    expect(health.now()).toEqual([])
    now = 1_001
    await expect.poll(health.now).toEqual(['policy_unconfirmed'])
    await expect.poll(() => looks.length).toBeGreaterThan(2)
    expect(anew).toBe(1) // a line that is being opened is not given up at every look
    now = 2_002
    await expect.poll(() => anew).toBe(2)

    deaf = false
    await expect.poll(health.now).toEqual([])
  })

  test('being woken, as after connecting again, is not being heard', async () => {
    const { turns } = heart({ beat: async () => {}, hearAnew: store.hearAnew }, { deafAfterMs: 1_000 })

    now = 1_001
    await expect.poll(health.now).toEqual(['policy_unconfirmed'])
    store.hearAnew()
    await turns()

    expect(health.now()).toEqual(['policy_unconfirmed'])
  })

  test('control: beats that are heard keep it sure', async () => {
    let beats = 0
    const hearBeats: Store['hearBeats'] = (replica, heard) =>
      store.hearBeats(replica, () => {
        heard()
        beats += 1
      })
    const { turns } = heart({ hearBeats }, { deafAfterMs: 1_000 })

    for (const later of [999, 1_998, 2_997]) {
      now = later
      const before = beats
      await expect.poll(() => beats).toBeGreaterThan(before)
      await turns()
    }

    expect(health.raised).toEqual([])
  })
})
