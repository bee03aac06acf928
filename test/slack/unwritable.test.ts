import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refusal } from '../../src/core/refusal.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany } from './company.ts'
import { whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

test('cannot-write: a click whose entry is not taken decides nothing, and its clicker reads a sentence', async () => {
  const { request, at } = await company.asked('deploy.start')
  company.slowDown(() =>
    Promise.reject(new Refusal('entry_unwritable', 'the database did not take an entry')),
  )

  await company.local.as('U0GRACE').press(at, 'approve')

  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([
      'The entry that records this could not be written, so it did not happen. Tell whoever runs Countersign: its log says why, and until then trying again will not help.',
    ]),
  )
  expect(await company.state(request.id)).toBe('pending')
  // Control: when it is taken, the next click decides.
  company.slowDown(async () => undefined)
  await company.local.as('U0GRACE').press(at, 'approve')
  await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
})
