import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import type { PersonClaim } from '../../src/approvals/people/identify.ts'
import { policyAhead } from '../../src/server/policyAhead.ts'
import { policyAtStart } from '../../src/server/policyAtStart.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'
import { guarded, looser, type PolicyHouse, policyHouse } from '../approvals/policyHouse.ts'
import { directoryOf } from '../cli/bundles.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

const lee: PersonClaim = { email: 'lee@acme.test' }
let house: PolicyHouse
let logged: { readonly level: number; readonly msg: string; readonly problems?: readonly string[] }[]

beforeEach(async () => {
  house = await policyHouse()
  logged = []
})

/** A test that passes; what is not tested cannot be made active. */
const tested = { 'tests/first.yaml': testFile('allow') }

/** Starts once with these files as POLICY_DIR; resolves to what the greeting says. */
async function start(files: Readonly<Record<string, string | undefined>>, author: PersonClaim | null = lee) {
  const policyDir = directoryOf(
    new Map(
      Object.entries({ ...tested, ...files }).flatMap(([path, text]) =>
        text === undefined ? [] : [[path, text]],
      ),
    ),
  )
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const askLater = await policyAtStart(
    { ports: house.ports },
    { policyDir, ahead: policyAhead(readBundleDirectory(policyDir)), log },
  )
  return askLater(author)
}

const active = () => house.ports.policy()?.digest

test('the first start activates, and says nothing', async () => {
  expect(await start(guarded)).toBeNull()
  expect(active()).toBe(testBundle(guarded).digest)
  expect(await start(guarded)).toBeNull()
})

test('a changed directory is activated where the active policy does not ask', async () => {
  await start(bundleFiles)

  expect(await start(looser)).toBeNull()
  expect(active()).toBe(testBundle(looser).digest)
})

test('where it asks, approval is asked for once, and the greeting says so', async () => {
  await start(guarded)

  expect(await start(looser)).toMatch(
    /approval has been asked for \(req_\w+\)\. Until then the active policy stays\./,
  )
  expect(await start(looser)).toMatch(/approval is pending \(req_\w+\)/)
  expect(active()).toBe(testBundle(guarded).digest)
  expect(await house.ports.store.requests({ limit: 10 })).toHaveLength(1)
})

test('with nobody behind it, nobody is asked, and the fix is named', async () => {
  await start(guarded)

  expect(await start(looser, null)).toMatch(/Set POLICY_OWNER, or run: countersign policy activate/)
  expect(await house.ports.store.requests({ limit: 10 })).toEqual([])
})

test('a person who cannot be found does not keep the server from starting', async () => {
  await start(guarded)

  expect(await start(looser, { email: 'nobody@acme.test' })).toMatch(/was refused: .*unknown_person/)
  expect(active()).toBe(testBundle(guarded).digest)
})

test.each([
  ['does not load', { 'rules/all.yaml': 'nonsense: true' }, /rules\/all\.yaml:1/],
  [
    'fails its own tests',
    { 'tests/a.yaml': testFile('deny') },
    /test “reading is judged” fails: verdict: expected/,
  ],
  ['has no tests', { 'tests/first.yaml': undefined }, /The bundle has no tests/],
  ['wants what this version cannot do', { 'rules/up.yaml': stepUp() }, /`step_up` is not supported yet/],
  [
    'has a rule that can never apply',
    { 'rules/never.yaml': never() },
    /rules\/never\.yaml:\d+:\d+ rule\/contradiction in never: /,
  ],
])('a bundle that %s keeps the old one, and says so loudly', async (_, change, says) => {
  await start(guarded)

  const note = await start({ ...guarded, ...change })

  expect(note).toMatch(
    /cannot be activated \(\d+ problems?; countersign policy lint .*\): the policy that was active before stays active/,
  )
  expect(active()).toBe(testBundle(guarded).digest)
  expect(logged.find(({ level }) => level === 50)?.problems?.join('\n')).toMatch(says)
})

test('what is active already is not judged again; control: with a comment more it is', async () => {
  const untested = { ...guarded, 'tests/first.yaml': undefined } // it would not pass
  await house.propose(guarded)

  expect(await start(untested)).toBeNull()
  expect(logged).toEqual([])

  const commented = { ...untested, 'rules/all.yaml': `${guarded['rules/all.yaml']}# more\n` }
  expect(await start(commented)).toMatch(/cannot be activated/)
})

test('a bad first bundle leaves no policy: everything is denied, and that is said', async () => {
  expect(await start({ ...guarded, 'rules/all.yaml': 'nonsense: true' })).toMatch(
    /there is no active policy that could judge: every request is denied or put off/,
  )
  expect(house.ports.policy()).toBeNull()
})

test('a bundle that cannot even be checked keeps the old one, and the server starts', async () => {
  await start(guarded)
  const files = new Map([['bundle.yaml', 5 as unknown as string]]) // stands for a mistake of ours
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const askLater = await policyAtStart(
    { ports: house.ports },
    { policyDir: 'policies', ahead: policyAhead(files), log },
  )

  expect(await askLater(lee)).toMatch(/cannot be activated.*the policy that was active before stays active/)
  expect(active()).toBe(testBundle(guarded).digest)
})

function testFile(verdict: string): string {
  return `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test, groups: []}}
  initiator: {id: U0DANA, email: dana@acme.test, groups: []}
  time: 2026-11-24T14:00:00Z
tests:
  - name: reading is judged
    request: {action: repo.read, resource: {type: repo, id: x}, params: {}}
    expect: {verdict: ${verdict}}
`
}

function stepUp(): string {
  return `- id: up
  description: A proof of presence.
  match: {actions: [table.drop]}
  verdict: require_approval
  require: {step_up: passkey}
`
}

function never(): string {
  return `- id: never
  description: Never applies.
  match: {actions: [table.drop]}
  when: environment == "a" && environment == "b"
  verdict: deny
`
}
