import { expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { submission } from '../support/world.ts'
import { dialogText, openCompany } from './company.ts'

const { alice, bob } = teamsIds

test('less is approved when what would be left was shown; what was shown counts for nothing else', async () => {
  const company = await openCompany()
  const columns = ['id', 'name', 'email']
  const { request, at } = await company.asked(
    'data.dump',
    submission('data.dump', { params: { rows: 5_000, columns } }),
  )
  const own = company.local.as(bob)
  const sent = (rows: string) =>
    own.submit({ 'narrow/rows': rows, 'narrow/columns': '0,1', reason: 'Enough for that.' })
  await company.local.as(alice).press(at, 'narrow')
  expect(dialogText(company, alice)).toContain('Not possible')

  await own.press(at, 'narrow')
  await sent('9000')
  expect(dialogText(company, bob)).toContain('5,000')
  await sent('500')
  expect(dialogText(company, bob)).toContain('rows: 5,000 → 500')
  expect(await company.state(request.id)).toBe('pending')
  await sent('400')
  expect(dialogText(company, bob)).toContain('rows: 5,000 → 400')
  expect(await company.state(request.id)).toBe('pending')
  await own.submit()

  expect(own.dialog()).toBeNull()
  const { narrowed } = (await company.store.request(request.id)) ?? {}
  expect((await company.store.request(narrowed?.to ?? ''))?.action.params).toEqual({
    rows: 400,
    columns: ['id', 'name'],
  })
  expect(company.local.problems).toEqual([])
})
