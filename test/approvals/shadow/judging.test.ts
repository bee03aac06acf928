import { describe, expect, onTestFinished, test } from 'vitest'
import type { Compared, JudgedRequest, StartShadowJudge } from '../../../src/approvals/shadow/judge.ts'
import { judgeBeside, mostHeld, mostWaiting } from '../../../src/approvals/shadow/judging.ts'
import type { ShadowBatch } from '../../../src/approvals/shadow/records.ts'
import { filesDigest } from '../../../src/policy/format/filesDigest.ts'
import { madeKind, madeShadow } from '../../store/madeShadow.ts'
import { eventually } from '../../support/eventually.ts'
import { heardHealth } from '../../support/health.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'
import { looser } from '../policyHouse.ts'

const versionOf = (files: Readonly<Record<string, string>>) => {
  const { digest, name } = testBundle(files)
  return { digest, filesDigest: filesDigest(new Map(Object.entries(files))), name, files }
}
const base = versionOf(bundleFiles)

const request = (id: string): JudgedRequest => ({
  id,
  action: { action: 'repo.read', resource: { type: 'repo', id: 'x' }, params: {}, environment: 'prod' },
  agent: 'one',
  facts: {},
})

const loosened = (requests: readonly JudgedRequest[]): Compared => ({
  found: [{ ...madeKind, count: requests.length, examples: requests.map(({ id }) => id) }],
  failed: 0,
  why: null,
})

/** One replica that judges by whatever the test says, and writes into a list. */
function judging(start: StartShadowJudge, write: (batch: ShadowBatch) => Promise<void> = async () => {}) {
  const written: ShadowBatch[] = []
  const health = heardHealth()
  const counts: Record<string, number> = {}
  let batches = 0
  const judge = judgeBeside({
    shadow: madeShadow(),
    base,
    head: versionOf(looser),
    start,
    store: {
      async addToShadow(batch) {
        await write(batch)
        written.push(batch)
      },
    },
    replica: { id: 'rep_1', name: 'here' },
    nth: () => {
      batches += 1
      return batches
    },
    health: health.health,
    log: { warn() {}, error() {} },
    counted: (outcome, count) => {
      counts[outcome] = (counts[outcome] ?? 0) + count
    },
    times: { gather: 1, write: 5, limit: 1_000 },
  })
  onTestFinished(() => judge.end())
  const sum = (of: 'loosened' | 'failed' | 'dropped' | 'unchanged') =>
    written.reduce((all, one) => all + one[of], 0)
  const offer = (count: number, policy: string | null = base.digest) => {
    for (let nth = 0; nth < count; nth += 1) judge.offer(request(`req_${nth}`), policy)
  }
  const offerOne = (one: JudgedRequest) => judge.offer(one, base.digest)
  return { ...judge, offer, offerOne, written, health, counts, sum }
}

const answering =
  (compare: (requests: readonly JudgedRequest[]) => Promise<Compared>): StartShadowJudge =>
  async () => ({ compare, end: async () => undefined })

describe('what judges beside', () => {
  test('counts what it finds, and writes it aside', async () => {
    const { offer, sum, counts, written } = judging(answering(async (requests) => loosened(requests)))

    offer(150)

    await eventually(() => expect(sum('loosened')).toBe(150))
    expect(counts).toEqual({ loosened: 150 })
    expect(written.at(-1)).toMatchObject({ judges: true, problem: null, base: base.digest })
  })

  test('holds no more than so much text, however few requests that is, and takes more once it has judged', async () => {
    const answers: (() => void)[] = []
    const hanging = answering(
      (requests) => new Promise((resolve) => answers.push(() => resolve(loosened(requests)))),
    )
    const { offerOne, sum, counts } = judging(hanging)
    const text = 'x'.repeat(mostHeld / 4)
    const long = { ...request('req_long'), facts: { text } }

    for (let nth = 0; nth < 5; nth += 1) offerOne(long)
    expect(counts).toEqual({ dropped: 2 })

    await eventually(() => expect(answers.length).toBe(1))
    offerOne(long)
    answers[0]?.()
    await eventually(() => expect(answers.length).toBe(2))
    answers[1]?.()
    await eventually(() => expect(sum('loosened')).toBe(4))
    expect(counts).toMatchObject({ dropped: 2 })
  })

  test('takes no more than it can hold, and counts what it leaves out', async () => {
    const judge = answering(() => new Promise(() => {}))
    const { offer, sum, counts } = judging(judge)

    offer(mostWaiting * 3)

    await eventually(() => expect(sum('dropped')).toBe(mostWaiting * 2))
    expect(counts.dropped).toBe(mostWaiting * 2)
  })

  test('leaves out what another policy has judged', async () => {
    const { offer, sum } = judging(answering(async (requests) => loosened(requests)))

    offer(3, 'sha256:another')
    offer(1, null)

    await eventually(() => expect(sum('dropped')).toBe(4))
    expect(sum('loosened')).toBe(0)
  })

  test('a candidate that throws on every request is counted, and judges on', async () => {
    const failing: Compared = { found: [], failed: 1, why: 'it threw TypeError for a request' }
    const { offer, sum, written, health } = judging(
      answering(async (requests) => ({ ...failing, failed: requests.length })),
    )

    offer(20)

    await eventually(() => expect(sum('failed')).toBe(20))
    expect(written.at(-1)).toMatchObject({ judges: true, problem: failing.why })
    expect(health.now()).toEqual([])
  })

  test('one that ends each time is started again, and then no more; that is told, and the rest is only counted', async () => {
    let starts = 0
    const { offer, sum, written, health } = judging(async () => {
      starts += 1
      return {
        compare: async () => {
          throw new Error('It said nothing for 10 seconds.')
        },
        end: async () => undefined,
      }
    })

    for (let nth = 0; nth < 8; nth += 1) {
      offer(1)
      await eventually(() => expect(sum('failed') + sum('dropped')).toBe(nth + 1))
    }

    expect(starts).toBe(5)
    expect([sum('failed'), sum('dropped')]).toEqual([5, 3])
    expect(health.now()).toEqual(['shadow_away'])
    expect(written.at(-1)).toMatchObject({ judges: false, problem: 'It said nothing for 10 seconds.' })
  })

  test('writes what was not answered again as it was, and loses nothing', async () => {
    let failures = 3
    const tried: ShadowBatch[] = []
    const { offer, sum } = judging(
      answering(async (requests) => loosened(requests)),
      async (batch) => {
        tried.push(batch)
        failures -= 1
        if (failures >= 0) throw new Error('no answer')
      },
    )

    offer(10)
    await eventually(() => expect(sum('loosened')).toBe(10))

    const [first, ...again] = tried
    expect(again.filter(({ nth }) => nth === first?.nth)).toEqual([first, first, first])
  })

  test('that it ends while it judges keeps nobody: what it had found is written', async () => {
    const { offer, end, sum, health } = judging(answering(async (requests) => loosened(requests)))
    offer(10)
    await eventually(() => expect(sum('loosened')).toBe(10))
    offer(5)

    await end()
    offer(100)

    expect(sum('loosened') + sum('dropped')).toBe(15)
    expect(health.now()).toEqual([])
  })
})
