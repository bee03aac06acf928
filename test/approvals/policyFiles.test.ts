import { beforeEach, describe, expect, test } from 'vitest'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { filesDigest } from '../../src/policy/format/filesDigest.ts'
import { opened } from '../store/opened.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { click } from '../support/world.ts'
import { agree, asked, guarded, looser, type PolicyHouse, policyHouse } from './policyHouse.ts'

type Files = Readonly<Record<string, string>>

/** A bundle with tests of these names. */
function testing(files: Files, ...names: readonly string[]): Files {
  const tests = names.map(
    (name) => `  - {name: ${name}, request: {action: db.export}, expect: {verdict: deny}}\n`,
  )
  return {
    ...files,
    'tests/a.yaml': `apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${tests.join('')}`,
  }
}

const nameOf = (files: Files) => filesDigest(new Map(Object.entries(files)))
const activeFiles = async () => (await house.ports.store.activePolicy())?.files
const changeTo = async (files: Files) => {
  const request = await asked(house, files)
  await agree(house, request)
  const activated = await activateApproved(house.ports, request.id)
  await house.renew()
  return { request, activated }
}

let house: PolicyHouse

describe.each<[string, () => Promise<Store>]>([
  ['in memory', async () => memoryStore()],
  ['in PostgreSQL', async () => (await opened()).store],
])('what people agree to, %s', (_, store) => {
  const full = testing(guarded, 'one', 'two', 'three')

  beforeEach(async () => {
    house = await policyHouse({ store: await store() })
    await house.propose(full)
  })

  test('is the files that they were shown, not others of the same policy that were proposed before', async () => {
    const gutted = await asked(house, testing(looser, 'one'))
    expect(gutted.action.params).toMatchObject({ tests_removed: ['three', 'two'] })
    await click(house.world, gutted.id, 'U0PRIYA', { kind: 'deny', reason: 'No.' })

    const honest = testing(looser, 'one', 'two', 'three')
    const { request, activated } = await changeTo(honest)

    expect(request.action.params).toMatchObject({ tests_removed: [], files: nameOf(honest) })
    expect(activated).toBe('activated')
    expect(await activeFiles()).toEqual(honest)
    const [entry] = await house.ports.store.policyEntries(1)
    expect(entry?.data).toMatchObject({ files_digest: nameOf(honest), tests_removed: { count: 0 } })
  })

  test('is asked again when the same policy comes with other tests, also while the first one waits', async () => {
    const first = await asked(house, testing(looser, 'one'))
    const second = await asked(house, testing(looser, 'one', 'two', 'three'))

    expect(second.id).not.toBe(first.id)
    expect(second.action.params).toMatchObject({ tests_removed: [] })
  })

  test('can be the tests alone: asked about, and replaced', async () => {
    const fewer = testing(guarded, 'one')

    const { request } = await changeTo(fewer)

    expect(request.action.params).toMatchObject({
      rules_changed: [],
      tests_removed: ['three', 'two'],
      summary: expect.stringContaining('2 REMOVED'),
    })
    expect(await activeFiles()).toEqual(fewer)
  })

  test('is outdated once other tests became active, though the policy is the same', async () => {
    const late = await asked(house, looser)
    await changeTo(testing(guarded, 'one', 'two', 'three', 'four'))
    await agree(house, late)

    expect(await activateApproved(house.ports, late.id)).toBe('outdated')
    expect((await activeFiles())?.['tests/a.yaml']).toContain('four')
  })

  test('keeps the tests added since when an earlier policy comes back with them', async () => {
    await changeTo(testing(looser, 'one', 'two', 'three', 'guard'))
    const back = testing(guarded, 'one', 'two', 'three', 'guard')

    const { request } = await changeTo(back)

    expect(request.action.params).toMatchObject({ tests_removed: [] })
    expect(await activeFiles()).toEqual(back)
  })

  test('control: a comment, or another place for a test, is no change', async () => {
    const { 'tests/a.yaml': text = '', ...rest } = full

    expect(await house.propose({ ...rest, 'tests/b.yaml': `# moved\n${text}` })).toEqual({
      outcome: 'unchanged',
    })
  })
})
