import { beforeEach, describe, expect, test } from 'vitest'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import { type RecordedPage, recordedRequests } from '../../src/approvals/policy/recordedRequests.ts'
import { explainRecorded, explanationPrinted } from '../../src/cli/policy/explain.ts'
import { history } from '../../src/cli/policy/history.ts'
import { compare, gather } from '../../src/cli/policy/simulate.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { explanationText } from '../../src/policyTools/explain/explanationText.ts'
import {
  agree,
  asked,
  guarded,
  looser,
  type PolicyHouse,
  policyHouse,
  stricter,
} from '../approvals/policyHouse.ts'
import { testBundle } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'
import { bundle, directoryOf } from './bundles.ts'

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
  await house.propose(guarded)
})

test('a recorded request is explained by the bundle that judged it, whatever is active now', async () => {
  const request = await ask(house.world, 'db.export')
  const proposed = await house.propose(looser)
  const change = proposed.outcome === 'asked' ? proposed.request.id : ''
  await click(house.world, change, 'U0PRIYA')
  await click(house.world, change, 'U0GRACE')
  await activateApproved(house.ports, change)

  const { explanation, agent } = await explainRecorded(house.ports.store, request.id)

  // What was asked before is of that moment, and no rule reads it.
  const { earlier, ...facts } = request.verdict.facts as JsonObject
  expect(earlier).toMatchObject({ nth: 1 })
  expect(explanation.evaluation.verdict).toEqual({ ...request.verdict, facts })
  expect(explanation.evaluation.requirement).toEqual(request.requirement)
  expect(explanationText(explanation, agent)).toContain('by billing-agent for alice@acme.test')
})

describe('what was recorded and policy alone cannot say', () => {
  const printedOf = async (id: string) =>
    explanationPrinted(await explainRecorded(house.ports.store, id), 'text').text

  test('is a denial because nobody could fill a leg', async () => {
    const request = await ask(house.world, 'cursed.empty')
    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })

    const explained = await explainRecorded(house.ports.store, request.id)

    expect(explained.explanation.evaluation.verdict.kind).toBe('require_approval')
    expect(explained.recorded).toMatchObject({ verdict: { kind: 'deny', code: 'unsatisfiable' } })
    expect(await printedOf(request.id)).toMatch(
      /verdict: require_approval {2}\(cursed\)[\s\S]*\nrecorded: deny {2}\(unsatisfiable\)\n {2}message .*“ghosts”/,
    )
  })

  test('is the shorter expiry that the request asked for', async () => {
    const { id } = await ask(house.world, 'db.export', { expiresInSeconds: 60 })

    expect(await printedOf(id)).toMatch(
      /expires {5}1h[\s\S]*\nrecorded: as above, except for\n {2}expires {5}1m {3}← the request asked for less\n$/,
    )
  })

  test('is how long a denial waited for somebody to lift it', async () => {
    const { id } = await ask(house.world, 'freeze.deploy')

    expect(await printedOf(id)).toMatch(/\n {2}waits {7}1h for somebody to break the glass\n$/)
  })

  test('control: where nothing differs, nothing is said of it', async () => {
    const { id } = await ask(house.world, 'db.export')

    expect((await explainRecorded(house.ports.store, id)).recorded).toBeNull()
    expect(await printedOf(id)).not.toContain('recorded:')
  })
})

test('a request that does not exist says so', async () => {
  await expect(explainRecorded(house.ports.store, 'req_none')).rejects.toThrow(
    'There is no request req_none.',
  )
})

async function pagesOf(pages: AsyncIterable<RecordedPage>): Promise<readonly RecordedPage[]> {
  const read: RecordedPage[] = []
  for await (const page of pages) read.push(page)
  return read
}

function idsIn(pages: readonly RecordedPage[]): readonly string[] {
  return pages.flatMap(({ recorded }) => recorded.map(({ id }) => id))
}

describe('requests of the database', () => {
  test('are replayed oldest first, without changes of the policy, as many as asked for', async () => {
    const first = await ask(house.world, 'db.export')
    await house.propose(looser)
    const second = await ask(house.world, 'repo.read')
    const third = await ask(house.world, 'iam.change')

    const all = await pagesOf(recordedRequests(house.ports.store, 10))
    const some = await pagesOf(recordedRequests(house.ports.store, 2))

    expect(idsIn(all)).toEqual([first.id, second.id, third.id])
    expect(idsIn(some)).toEqual([second.id, third.id])
    expect(all).toMatchObject([{ unreadable: 0, erased: 0 }])
  })

  test('say what came of each: who agreed or refused, and how long that took', async () => {
    const approved = await ask(house.world, 'node.drain')
    const denied = await ask(house.world, 'db.export')
    const open = await ask(house.world, 'iam.change')
    await click(house.world, approved.id, 'U0GRACE')
    await click(house.world, denied.id, 'U0PRIYA', { kind: 'deny' })

    const pages = await pagesOf(recordedRequests(house.ports.store, 10))

    const answers = new Map(pages.flatMap(({ recorded }) => recorded.map(({ id, answer }) => [id, answer])))
    expect(answers.get(approved.id)).toMatchObject({
      outcome: 'approved',
      by: [expect.stringMatching(/^per_/)],
    })
    expect(answers.get(denied.id)).toMatchObject({ outcome: 'denied', afterwards: [], undoes: false })
    expect(answers.get(open.id)).toMatchObject({ outcome: null, by: [], seconds: null })
  })

  test('are compared with the active bundle', async () => {
    await ask(house.world, 'db.export')

    const { base, pages } = await gather(house.ports.store, undefined, { base: 'active', last: 10 })

    expect(base.digest).toBe(testBundle(guarded).digest)
    expect(idsIn(await pagesOf(pages))).toHaveLength(1)
  })
})

describe('a database without requests', () => {
  const options = { format: 'text', base: 'active', last: 10 } as const

  test('compares nothing, and says so instead of being green', async () => {
    const head = bundle()
    const gathered = await gather(house.ports.store, undefined, options)

    await expect(compare(gathered, undefined, { ...options, head })).rejects.toThrow(
      'No requests are recorded yet, so nothing was compared.',
    )
  })

  test('control: with one, it compares', async () => {
    await ask(house.world, 'db.export')
    const head = directoryOf(new Map(Object.entries(guarded)))
    const gathered = await gather(house.ports.store, undefined, options)

    expect(await compare(gathered, undefined, { ...options, head })).toMatchObject({ exitCode: 0 })
  })

  test('still shows a weaker guard of the policy', async () => {
    const rules = (guarded['rules/policy.yaml'] ?? '').replace(/ {6}- \{name: platform.*\n/, '')
    const head = directoryOf(new Map(Object.entries({ ...guarded, 'rules/policy.yaml': rules })))
    const gathered = await gather(house.ports.store, undefined, options)

    expect(await compare(gathered, undefined, { ...options, head })).toMatchObject({ exitCode: 2 })
  })

  test('lets the policy be changed all the same, and the card says what it was compared by', async () => {
    const proposed = await house.propose(stricter)

    expect(proposed).toMatchObject({
      outcome: 'asked',
      request: { action: { params: { summary: 'There are no recorded requests to compare by.' } } },
    })
  })
})

test('the history is as long as asked for, newest first', async () => {
  const request = await asked(house, stricter)
  await agree(house, request)
  await activateApproved(house.ports, request.id)

  const { text } = await history(house.ports.store, { format: 'json', limit: 1 })

  expect(JSON.parse(text)).toMatchObject([{ type: 'policy.activated', request: request.id }])
})

describe('dry-run: what explains, compares or lists has no effect', () => {
  /** The record, which takes nothing more from now on. */
  const sealed = () => ({
    ...house.ports.store,
    commit: () => Promise.reject(new Error('a dry run wrote something')),
  })

  test('on the record', async () => {
    const { id } = await ask(house.world, 'db.export')
    const options = { format: 'text', base: 'active', head: bundle(), last: 10 } as const
    const before = await house.ports.store.entries(id)

    await explainRecorded(sealed(), id)
    await history(sealed(), { format: 'text', limit: 10 })
    const compared = await compare(await gather(sealed(), undefined, options), undefined, options)

    expect(compared.text).toContain('1 request')
    expect(await house.ports.store.entries(id)).toEqual(before)
  })

  test('control: asking has one', async () => {
    const ports = { ...house.ports, store: sealed() }

    await expect(ask({ ...house.world, ports }, 'db.export')).rejects.toThrow('a dry run wrote something')
  })
})
