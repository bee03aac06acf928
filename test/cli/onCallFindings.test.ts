import { expect, test } from 'vitest'
import { onCallFindings } from '../../src/cli/onCallFindings.ts'
import { doublePagerDuty, status } from '../oncall/doublePagerDuty.ts'
import { onCallBundle } from '../support/onCallBundle.ts'
import { testBundle } from '../support/testBundle.ts'

const bundle = testBundle(onCallBundle)
const now = new Date('2026-12-02T09:00:00Z')

test('doctor asks for each set of people on call: who is there, that nobody is, and what is wrong', async () => {
  const double = await doublePagerDuty()
  const look = () =>
    onCallFindings({ pagerDuty: { token: 'a-read-only-key', address: double.address } }, bundle, now)
  expect(await look()).toMatchObject([
    {
      name: 'on call oncall:platform',
      ok: true,
      look: true,
      detail: expect.stringContaining('nobody is on call'),
    },
  ])

  double.turns = [{ user: { id: 'PGRACE', email: 'grace@acme.test' } }]
  expect(await look()).toMatchObject([{ ok: true, detail: '1 person is on call now', fix: null }])

  double.instead.push(status(401))
  expect(await look()).toMatchObject([{ ok: false, detail: 'PagerDuty does not accept our token' }])
})

test('without a token it says so, and without such a set it asks nobody', async () => {
  expect(await onCallFindings({ pagerDuty: null }, bundle, now)).toMatchObject([
    { ok: false, detail: expect.stringContaining('PAGERDUTY_TOKEN') },
  ])
  expect(await onCallFindings({ pagerDuty: null }, testBundle(), now)).toEqual([])
})
