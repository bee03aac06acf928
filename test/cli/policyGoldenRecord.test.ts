import { beforeEach, describe, expect, test } from 'vitest'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import type { PolicyVersion } from '../../src/approvals/records.ts'
import { activateFrom } from '../../src/cli/policy/activate.ts'
import { explainRecorded, explanationPrinted } from '../../src/cli/policy/explain.ts'
import { history } from '../../src/cli/policy/history.ts'
import { lintPrinted } from '../../src/cli/policy/lint.ts'
import { liveFacts } from '../../src/cli/policy/lintLive.ts'
import type { Format, Printed } from '../../src/cli/policy/printed.ts'
import { compare, gather } from '../../src/cli/policy/simulate.ts'
import { failureText } from '../../src/cli/say.ts'
import {
  agree,
  asked,
  guarded,
  looser,
  type PolicyHouse,
  policyHouse,
  stricter,
} from '../approvals/policyHouse.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'
import { directoryOf } from './bundles.ts'
import { expectGolden, expectGoldens } from './golden.ts'

type Files = Readonly<Record<string, string>>

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
})

/** A test that passes: without one, a bundle cannot be made active. */
const tested = {
  'tests/first.yaml': `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: reading is free
    request:
      {action: repo.read, resource: {type: repo, id: x}, params: {}, environment: prod, time: 2026-11-24T14:00:00Z,
       agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test}}, initiator: {id: U0DANA, email: dana@acme.test}}
    expect: {verdict: allow}
`,
}
const directory = (files: Files) => directoryOf(new Map(Object.entries({ ...tested, ...files })))
const activate = (files: Files, format: Format, by = 'lee@acme.test') =>
  activateFrom(
    directory(files),
    { format, by, reason: 'Less friction' },
    (work) => work(house.ports),
    hasty(),
  )

/** A patience that is over after a few looks, whatever the time is. */
const hasty = () => {
  let now = 0
  return {
    patienceMs: 1_000,
    elapsed: () => now,
    pause: async (ms: number) => {
      now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
const failureOf = async (work: Promise<unknown>): Promise<Printed> => {
  const error = await work.then(
    () => 'nothing failed',
    (cause: unknown) => cause,
  )
  return { text: `${failureText(error)}\n`, exitCode: 1 }
}

describe('policy activate, in every format', () => {
  /** Each format in a house of its own, with a policy that is active already. */
  const anew =
    (active: Files | null, print: (format: Format) => Promise<Printed>) => async (format: Format) => {
      house = await policyHouse()
      if (active) await house.propose({ ...tested, ...active })
      return print(format)
    }
  const changing = (from: string, to: string): Files => ({
    ...guarded,
    'rules/policy.yaml': (guarded['rules/policy.yaml'] ?? '').replace(from, to),
  })
  const denied = {
    ...guarded,
    'rules/policy.yaml':
      '- {id: frozen, description: The policy stays., match: {actions: [policy.activate]}, verdict: deny}\n',
  }
  const nobody = changing('group:security', 'group:nobody')

  test.each<[golden: string, exitCode: 0 | 1, active: Files | null, head: Files]>([
    ['activate-first', 0, null, guarded],
    ['activate-activated', 0, bundleFiles, guarded],
    ['activate-asked', 0, guarded, looser],
    ['activate-denied', 1, denied, guarded],
    ['activate-nobody-can', 1, nobody, guarded],
    ['activate-refused-by-load', 1, guarded, { ...guarded, 'rules/all.yaml': '- id: half\n' }],
    ['activate-refused-by-lint', 1, guarded, { ...guarded, 'rules/never.yaml': never }],
    ['activate-refused-by-tests', 1, guarded, { ...guarded, 'rules/read.yaml': readingDenied }],
  ])('%s', async (golden, exitCode, active, head) => {
    await expectGoldens(
      golden,
      exitCode,
      anew(active, (format) => activate(head, format)),
    )
  })

  test('asked a second time: activate-waiting', async () => {
    await house.propose({ ...tested, ...guarded })
    await activate(looser, 'text')

    await expectGoldens('activate-waiting', 0, (format) => activate(looser, format))
  })

  test.each([
    ['activate-confirmed', 'confirmed'],
    ['activate-unconfirmed', 'unconfirmed'],
  ])('%s: what the replicas say', async (golden, second) => {
    const judgingBy = async (id: string, name: string, files: PolicyVersion['filesDigest'] | null) =>
      house.ports.store.beat({ id, name, policy: files })

    await expectGoldens(
      golden,
      0,
      anew(bundleFiles, async (format) => {
        const before = await house.ports.store.activeFiles()
        await judgingBy('rep_1', 'host-a (process 7)', before)
        await judgingBy('rep_2', 'host-b (process 8)', before)
        // They read it as soon as they hear of it: here, when the command has looked once.
        house.ports.store.watch('policy', async () => {
          const files = await house.ports.store.activeFiles()
          await judgingBy('rep_1', 'host-a (process 7)', files)
          if (second === 'confirmed') await judgingBy('rep_2', 'host-b (process 8)', files)
        })
        return activate(guarded, format)
      }),
    )
  })

  test('what is active already: activate-unchanged', async () => {
    await house.propose({ ...tested, ...guarded })

    await expectGoldens('activate-unchanged', 0, (format) => activate(guarded, format))
  })

  test('somebody whom nobody knows: activate-unknown-person', async () => {
    const failed = await failureOf(activate(guarded, 'text', 'nobody@acme.test'))

    await expectGolden('activate-unknown-person', failed)
  })
})

describe('policy lint --live, in every format', () => {
  const lint = async (files: Files, format: Format) =>
    lintPrinted('policies', new Map(Object.entries({ ...tested, ...files })), {
      format,
      live: await liveFacts(house.ports, testBundle(files)),
    })
  const rules = bundleFiles['rules/all.yaml'] ?? ''
  /** Without what asks for people who are not there. */
  const filled = {
    ...bundleFiles,
    'rules/all.yaml': rules.replace(/- id: cursed\n[\s\S]*?(?=- id: secret)/, ''),
  }

  test.each<[golden: string, exitCode: 0 | 1, files: Files]>([
    ['lint-live', 0, filled],
    ['lint-live-nobody', 1, bundleFiles],
  ])('%s', async (golden, exitCode, files) => {
    await house.propose(files)

    await expectGoldens(golden, exitCode, (format) => lint(files, format))
  })

  test('nobody can be looked up: lint-live-down', async () => {
    house.world.directory.down = true

    await expectGolden('lint-live-down', await failureOf(lint(filled, 'text')))
  })
})

describe('requests of the record', () => {
  const simulate = async (head: Files, format: Format): Promise<Printed> => {
    const options = { format, base: 'active', head: directory(head), last: 10 } as const
    return compare(await gather(house.ports.store, undefined, options), undefined, options)
  }
  beforeEach(async () => {
    await house.propose(guarded)
  })

  test('one is explained: explain-recorded', async () => {
    const { id } = await ask(house.world, 'db.export')

    await expectGoldens('explain-recorded', 0, async (format) =>
      explanationPrinted(await explainRecorded(house.ports.store, id), format),
    )
  })

  test('one that does not exist: explain-no-record', async () => {
    await expectGolden('explain-no-record', await failureOf(explainRecorded(house.ports.store, 'req_none')))
  })

  test('they are replayed: simulate-record', async () => {
    await ask(house.world, 'db.export')
    await ask(house.world, 'repo.read')

    await expectGoldens('simulate-record', 2, (format) => simulate(looser, format))
  })

  test('there is none: simulate-no-record', async () => {
    await expectGolden('simulate-no-record', await failureOf(simulate(looser, 'text')))
  })
})

describe('policy history, in every format', () => {
  const print = (format: Format) => history(house.ports.store, { format, limit: 10 })

  test('nothing yet: history-empty', async () => {
    await expectGoldens('history-empty', 0, print)
  })

  test('who, who agreed, what differed, and what did not happen: history', async () => {
    await house.propose(guarded)
    const [first, other] = [await asked(house, stricter), await asked(house, looser)]
    for (const request of [first, other]) {
      await agree(house, request)
      await activateApproved(house.ports, request.id)
    }
    await house.renew()
    const third = await asked(house, guarded)
    await click(house.world, third.id, 'U0PRIYA', { kind: 'deny' })

    await expectGoldens('history', 0, print)
    expect((await house.ports.store.activePolicy())?.digest).toBe(testBundle(stricter).digest)
  })
})

const never = `- id: never
  description: Never applies.
  match: {actions: [table.drop]}
  when: environment == "a" && environment == "b"
  verdict: deny
`
const readingDenied =
  '- {id: reading, description: Nothing is read., match: {actions: [repo.read]}, verdict: deny}\n'
