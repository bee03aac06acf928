import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, dialogText, openCompany, toldTo } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { bob, grace, gwen, priya } = teamsIds
const person = (id: string) => company.local.as(id)
const decisions = () => company.store.ledger.filter(({ type }) => type === 'decision.made')

describe('posted-by-app: words only read', () => {
  test('posted-by-app: no word decides, whoever writes it, and it says so', async () => {
    const { request, at } = await company.asked('deploy.start')

    await person(grace).write(channelId, '@Countersign approve', at.message)
    await eventually(() => expect(toldTo(company, grace).join()).toContain('Words decide nothing'))

    expect(await company.state(request.id)).toBe('pending')
    expect(company.store.ledger.filter(({ type }) => type.startsWith('decision.'))).toEqual([])
    expect(toldTo(company, bob)).toEqual([])
  })

  test.each([
    'stop agent:teams-agent',
    'delegate @Bob until friday',
    'link teams:x',
    'agents add nightly',
    'tokens',
  ])('%s: there is no button for it here, and where it can be done is said', async (text) => {
    await person(grace).write(channelId, `@Countersign ${text}`)

    await eventually(() =>
      expect(toldTo(company, grace).join()).toContain('command line of Countersign can do that'),
    )
  })

  test.each([
    ['why', 'Why am I asked?'],
    ['who', 'Who can decide?'],
    ['history', 'History'],
    ['status', 'Status'],
    ['show', 'warehouse.users'],
  ])('%s below a card is answered to whoever asks, and to nobody else', async (word, says) => {
    const { at } = await company.asked('deploy.start')

    await person(grace).write(channelId, `@Countersign ${word}`, at.message)

    await eventually(() => expect(toldTo(company, grace).join()).toContain(says))
    expect(toldTo(company, bob)).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test('the list is everybody’s own, and a request opens from it', async () => {
    const { request } = await company.asked('db.export')

    await person(priya).write(channelId, '@Countersign /approvals')
    await person(grace).write(channelId, '@Countersign list')

    await eventually(() => expect(toldTo(company, priya).join()).toContain('Open'))
    await eventually(() => expect(toldTo(company, grace).join()).toContain('Nothing is waiting for you'))
    const list = person(priya)
      .messages(channelId)
      .findLast(({ onlyYou }) => onlyYou)
    await person(priya).press({ conversation: channelId, message: list?.id ?? '' }, 'Open')
    expect(dialogText(company, priya)).toContain(request.id)
    await person(priya).submit({}, 'Approve')
    await person(priya).submit()

    expect(decisions()).toHaveLength(1)
  })

  test('a guest reads no request', async () => {
    const { request } = await company.asked('deploy.start')

    await person(gwen).write(channelId, `@Countersign show ${request.id}`)

    await eventually(() => expect(toldTo(company, gwen)).toHaveLength(1))
    expect(toldTo(company, gwen).join()).not.toContain('warehouse.users')
  })
})
