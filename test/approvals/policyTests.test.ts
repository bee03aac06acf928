import { expect, test } from 'vitest'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { history } from '../../src/cli/policy/history.ts'
import { testBundle } from '../support/testBundle.ts'
import { agree, asked, looser, policyHouse, stricter } from './policyHouse.ts'

test('a change tells which tests it takes away, changes and adds: on the card, in the record, in the history', async () => {
  const house = await policyHouse()
  const verdicts = (...tests: readonly (readonly [string, string])[]) =>
    `apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${tests
      .map(
        ([name, verdict]) =>
          `  - {name: ${name}, request: {action: db.export}, expect: {verdict: ${verdict}}}\n`,
      )
      .join('')}`
  const before = {
    ...stricter,
    'tests/a.yaml': verdicts(['stays', 'deny'], ['goes', 'deny'], ['turns', 'deny']),
  }
  const after = {
    ...looser,
    'tests/b.yaml': verdicts(['stays', 'deny'], ['turns', 'allow'], ['comes', 'deny']),
  }
  await activatePolicy(house.ports, {
    bundle: testBundle(before),
    files: before,
    by: 'test',
    via: 'test',
  })
  await house.renew()

  const request = await asked(house, after)
  await agree(house, request)
  await activateApproved(house.ports, request.id)

  const told = { tests_added: ['comes'], tests_removed: ['goes'], tests_changed: ['turns'] }
  expect(request.action.params).toMatchObject({
    ...told,
    summary: expect.stringContaining('Tests of the policy: 1 added; 1 changed: “turns”; 1 REMOVED: “goes”.'),
  })
  const [entry] = await house.ports.store.policyEntries(1)
  expect(entry?.data).toMatchObject({
    tests_added: { count: 1, names: ['comes'] },
    tests_removed: { count: 1, names: ['goes'] },
    tests_changed: { count: 1, names: ['turns'] },
  })
  const { text } = await history(house.ports.store, { format: 'text', limit: 1 })
  expect(text).toContain('tests removed “goes”')
})
