import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { policyAhead } from '../../src/server/policyAhead.ts'
import { policyAtStart } from '../../src/server/policyAtStart.ts'
import { policyHouse } from '../approvals/policyHouse.ts'
import { opened } from '../store/opened.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

type Files = Readonly<Record<string, string>>

const tests = `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: reading is free
    request:
      {action: repo.read, resource: {type: repo, id: x}, params: {}, environment: prod, time: 2026-11-24T14:00:00Z,
       agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test}}, initiator: {id: U0DANA, email: dana@acme.test}}
    expect: {verdict: allow}
`
const withRule = (id: string): Files => ({
  ...bundleFiles,
  'rules/more.yaml': `- {id: ${id}, description: Tables stay., match: {actions: [table.drop]}, verdict: deny}\n`,
  'tests/first.yaml': tests,
})

/** Two replicas on one database. */
async function openReplicas(): Promise<readonly [Ports, Ports]> {
  const { store, databaseUrl } = await opened()
  const { ports } = await policyHouse({ store })
  const second = await opened(databaseUrl)
  const followed = await followPolicy({ store: second.store, ...nobodyHears })
  onTestFinished(followed.stop)
  return [ports, { ...ports, store: second.store, policy: followed.current, renewPolicy: followed.renew }]
}

/** What the greeting of a replica says that starts with these files as POLICY_DIR. */
async function start(ports: Ports, files: Files): Promise<string | null> {
  const about = {
    policyDir: 'policies',
    ahead: policyAhead(new Map(Object.entries(files))),
    log: pino({ level: 'silent' }),
  }
  return (await policyAtStart({ ports }, about))(null)
}

test('stale-replica: a replica that restarts with the directory of yesterday puts nothing back for the other', async () => {
  const [first, second] = await openReplicas()
  await start(second, withRule('yesterday'))
  await start(first, withRule('today'))

  expect(await start(second, withRule('yesterday'))).toMatch(/has been replaced since/)

  const today = testBundle(withRule('today')).digest
  expect(second.policy()?.digest).toBe(today)
  await first.renewPolicy()
  expect(first.policy()?.digest).toBe(today)
})

test('two replicas that start at once with different directories both start, and judge by the same', async () => {
  const [first, second] = await openReplicas()

  const notes = await Promise.all([start(first, withRule('one')), start(second, withRule('other'))])

  for (const note of notes) expect(note === null || /Another server activated/.test(note)).toBe(true)
  await Promise.all([first.renewPolicy(), second.renewPolicy()])
  expect(first.policy()?.digest).toBe((await first.store.activePolicy())?.digest)
  expect(second.policy()?.digest).toBe(first.policy()?.digest)
})
