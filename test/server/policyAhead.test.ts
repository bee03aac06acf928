import { expect, test } from 'vitest'
import { sqlFor } from '../../src/parsing/here.ts'
import { filesDigest } from '../../src/policy/format/filesDigest.ts'
import { policyAhead } from '../../src/server/policyAhead.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'

const files = readBundleDirectory('policies')
const version = (given: ReadonlyMap<string, string>) => ({
  digest: 'sha256:kept' as const,
  filesDigest: filesDigest(given),
  name: 'starter',
  files: Object.fromEntries(given),
})
const turn = () => new Promise(setImmediate)

test('the policy that is active already is loaded once, and goes by the digest under which it was kept', async () => {
  const ahead = policyAhead(files)
  ahead.begin()
  await turn()

  const [first, second] = [ahead.load(version(files)), ahead.load(version(files))]

  if (!first.ok || !second.ok) throw new Error('the starter bundle loads')
  expect(first.bundle.digest).toBe('sha256:kept')
  expect(first.bundle.rules).toBe(second.bundle.rules)
})

test('on a first start it has passed before it is asked for, and what was looked at is what judges', async () => {
  const ahead = policyAhead(files, { isNew: true, readText: await sqlFor(files) })
  ahead.begin()
  await turn()

  const [readiness, loaded] = [ahead.readiness(), ahead.load(version(files))]

  if (!readiness.ok || !loaded.ok) throw new Error('the starter bundle passes')
  expect(loaded.bundle.rules).toBe(readiness.bundle.rules)
})

test('control: another policy than the one in the directory is loaded for itself', () => {
  const [bundle = '', ...rest] = [...files].filter(([path]) => path === 'bundle.yaml').map(([, text]) => text)
  expect(rest).toEqual([])
  const other = new Map([...files, ['bundle.yaml', `${bundle}\n# another\n`]])
  const ahead = policyAhead(files)

  const [its, active] = [ahead.load(version(files)), ahead.load(version(other))]

  if (!its.ok || !active.ok) throw new Error('both load')
  expect(active.bundle.rules).not.toBe(its.bundle.rules)
})

test('what fails while nobody waits for it is told to whoever asks', async () => {
  const broken = new Map([['bundle.yaml', 5 as unknown as string]]) // stands for a mistake of ours
  const ahead = policyAhead(broken, { isNew: true })
  ahead.begin()
  await turn()

  expect(() => ahead.readiness()).toThrow()
})
