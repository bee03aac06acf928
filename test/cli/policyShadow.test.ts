import { describe, expect, test } from 'vitest'
import type { Ids } from '../../src/approvals/ids.ts'
import { stopShadow } from '../../src/approvals/shadow/end.ts'
import { startShadow } from '../../src/approvals/shadow/start.ts'
import { history } from '../../src/cli/policy/history.ts'
import { shownShadow, startShadowCommand } from '../../src/cli/policy/shadow.ts'
import type { Counted } from '../../src/policyTools/simulation/beside.ts'
import { looser, policyHouse, stricter } from '../approvals/policyHouse.ts'
import { madeBatch, madeKind } from '../store/madeShadow.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { bundle, directoryOf, rule } from './bundles.ts'
import { expectGoldens } from './golden.ts'

const now = new Date('2026-11-24T15:00:00.000Z')

/** A policy is active and a candidate judges beside it. */
async function house() {
  const { ports, propose, world } = await policyHouse()
  await propose(bundleFiles)
  // Golden files name it.
  const ids = {
    ...ports.ids,
    next: (prefix: Parameters<Ids['next']>[0]) => (prefix === 'shd' ? 'shd_1' : ports.ids.next(prefix)),
  }
  const shadow = await startShadow(
    { ...ports, ids },
    {
      bundle: testBundle(looser),
      files: looser,
      via: 'cli',
      seconds: 7 * 86_400,
      reason: null,
    },
  )
  const base = testBundle().digest
  const found = (given: Partial<Parameters<typeof madeBatch>[0]>) =>
    ports.store.addToShadow(madeBatch({ shadow: shadow.id, base, ...given }))
  const show = (format: 'text' | 'json' | 'github' = 'text') => shownShadow(ports.store, { format, now })
  return { ports, world, shadow, found, show }
}

const kinds: readonly Counted[] = [
  {
    ...madeKind,
    from: 'require_approval(export)',
    to: 'require_approval(unmatched)',
    differences: [
      {
        field: 'approvals',
        from: '1×owner|group:data-owners + 1×group:security',
        to: '1×group:platform-leads',
        effect: 'loosened',
        both: true,
      },
    ],
  },
  {
    outcome: 'tightened',
    action: 'table.drop',
    from: 'require_approval(unmatched)',
    to: 'deny(drop)',
    differences: [
      { field: 'verdict', from: 'require_approval', to: 'deny', effect: 'tightened', both: false },
    ],
    count: 1,
    examples: ['req_3'],
  },
  {
    outcome: 'moved',
    action: '',
    from: 'require_approval',
    to: 'require_approval',
    differences: [],
    count: 4,
    examples: ['req_4'],
  },
  {
    outcome: 'unchanged',
    action: '',
    from: 'allow',
    to: 'allow',
    differences: [],
    count: 1_000,
    examples: ['req_5'],
  },
]

describe('policy shadow show', () => {
  test('says what would be looser first, with its requests, and who judges', async () => {
    const { found, show } = await house()
    await found({ unchanged: 1_004, tightened: 1, loosened: 2, found: kinds })
    await found({
      id: 'rep_2',
      name: 'host (process 2)',
      judges: false,
      problem: 'this version of Countersign cannot load test',
      unchanged: 0,
      loosened: 0,
      failed: 0,
      dropped: 12,
      found: [],
    })

    await expectGoldens('shadow', 2, show)
  })

  test('before anything was asked, and before any server said something', async () => {
    const { show, found, ports } = await house()

    expect(await show()).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('No server has said anything of it yet.'),
    })
    await ports.store.beat({ id: 'rep_9', name: 'older (process 9)', policy: null })
    await found({ unchanged: 0, loosened: 0, failed: 0, dropped: 0, found: [] })

    const { text } = await show()
    expect(text).toContain('Nothing was asked yet that it could judge.')
    expect(text).toContain('older (process 9): has said nothing of it')
  })

  test('says that there were more kinds than it can tell apart', async () => {
    const { show, found } = await house()
    await found({ loosened: 10, found: [madeKind] })

    expect((await show()).text).toMatch(/ 8 × of other kinds/)
  })

  test('one that ended says why; several policies that judged meanwhile are told apart', async () => {
    const { show, found, ports } = await house()
    const files = { ...stricter }
    await found({ found: [madeKind] })
    await found({ nth: 2, base: testBundle(files).digest, found: [madeKind] })
    const version = {
      digest: testBundle(files).digest,
      filesDigest: 'sha256:f9',
      name: 'other',
      files,
    } as const
    const expected = await ports.store.activeFiles()
    await ports.store.commit({
      policy: { version, activation: null, expected, at: now.toISOString() },
      entries: [],
    })
    await stopShadow(ports, { via: 'cli', reason: null })

    const { text } = await show()

    expect(text).toMatch(/judged beside the active policy/)
    expect(text).toMatch(/to 2026-11-24 14:00Z: it was stopped/)
    expect(text).toMatch(/\(beside [0-9a-f]{12}\)/)
    expect(text).toMatch(/The active policy was test@[0-9a-f]{12}, then other@/)
  })

  test('says that none has run', async () => {
    const { ports } = await policyHouse()

    expect(await shownShadow(ports.store, { format: 'text', now })).toEqual({
      text: 'No shadow has run. Start one: countersign policy shadow <directory>\n',
      exitCode: 0,
    })
  })
})

test('policy history has when a shadow began and ended', async () => {
  const { ports, shadow } = await house()
  await stopShadow(ports, { via: 'cli', reason: null })

  const { text } = await history(ports.store, { format: 'text', limit: 2 })

  expect(text).toMatch(
    new RegExp(
      `judges no more \\(stopped\\) {2}${shadow.id}\n\n.*judges beside the active policy {2}${shadow.id}`,
    ),
  )
})

describe('policy shadow', () => {
  const nowhere = () => Promise.reject(new Error('nothing is opened for a bundle that cannot judge'))

  test('refuses what does not load, and what this version could not activate, before anything is opened', async () => {
    const broken = bundle({ 'rules/a.yaml': rule.replace('params.rows', 'params.row') })
    const files = new Map(Object.entries(bundleFiles))
    files.set(
      'bundle.yaml',
      (bundleFiles['bundle.yaml'] ?? '').replace('  deny_count: 1', '  deny_count: 1\n  step_up: passkey'),
    )
    const start = (directory: string) =>
      startShadowCommand(directory, { for: 86_400, format: 'text' }, nowhere)

    await expect(start(broken)).rejects.toThrow(/does not load/)
    await expect(start(directoryOf(files))).rejects.toThrow(/could never judge: `step_up`/)
  })

  test('says in one sentence why it does not begin', async () => {
    const { ports, shadow } = await house()
    const directory = directoryOf(new Map(Object.entries(stricter)))

    const start = startShadowCommand(directory, { for: 86_400, format: 'text' }, (work) => work(ports))

    await expect(start).rejects.toMatchObject({
      message: expect.stringContaining(`judges beside the active policy already (${shadow.id})`),
    })
  })
})
