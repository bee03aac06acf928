import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, dialogText, openCompany, toldTo } from './company.ts'

const { grace } = teamsIds
const insides = 'ECONNREFUSED 10.0.0.7:5432'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

/** From now on the store answers nothing; resolves what ends that. */
function goAway(): () => void {
  const { store } = company.world.ports
  const before = { ...store }
  const away = new StoreUnavailable({
    ...{ reason: 'away', message: insides, unknown: false, retryAfterSeconds: 2 },
    cause: new Error(insides),
  })
  const failing = Object.keys(before).filter((name) => name !== 'watch')
  Object.assign(store, Object.fromEntries(failing.map((name) => [name, () => Promise.reject(away)])))
  return () => void Object.assign(store, before satisfies Store)
}

type At = Awaited<ReturnType<Company['asked']>>['at']

const person = () => company.local.as(grace)

test.each<readonly [string, (at: At) => Promise<unknown>, (at: At) => Promise<unknown>]>([
  ['a window is asked for', async () => undefined, (at) => person().press(at, 'approve_form')],
  ['a window is sent', (at) => person().press(at, 'approve_form'), () => person().submit()],
  ['something is read', async () => undefined, (at) => person().press(at, 'full')],
])('database-away: %s: nothing counts, and they read so without its insides', async (_, before, act) => {
  const { request, at } = await company.asked('deploy.start')
  await before(at)
  const comeBack = goAway()

  await act(at)

  expect(dialogText(company, grace)).toMatch(/database (cannot take this|does not answer) just now/)
  expect(dialogText(company, grace)).not.toContain('10.0.0.7')
  comeBack()
  expect(await company.state(request.id)).toBe('pending')
  // Control: it was nothing else.
  await person().press(at, 'approve_form')
  await person().submit()
  expect(await company.state(request.id)).toBe('approved')
})

test('database-away: who writes meanwhile reads so, too', async () => {
  goAway()

  await person().write(channelId, '@Countersign list')

  await eventually(() => expect(toldTo(company, grace).join()).toContain('database does not answer just now'))
  expect(toldTo(company, grace).join()).not.toContain('10.0.0.7')
})
