import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import {
  bobThere,
  channelId,
  channelThere,
  emea,
  inga,
  type TwoWorkspaces,
  twoWorkspaces,
} from './twoWorkspaces.ts'

let company: TwoWorkspaces
beforeEach(async () => {
  company = await twoWorkspaces()
})
afterEach(() => company.close())

/** All that somebody sees there. */
const seen = (local: TwoWorkspaces['here'], member: string) => JSON.stringify(local.as(member).sees())
const toldThere = () => seen(company.there, bobThere)
const toldHere = () => seen(company.here, 'U0GRACE')
const unlinked = async () => (await company.directory.account(`slack:${emea}/${bobThere}`)).unlinked

/** Types it as Grace in the first workspace, and sends the window that opens. */
async function claim(other: string): Promise<void> {
  const grace = company.here.as('U0GRACE')
  await grace.command(channelId, `/approvals link ${other}`)
  await eventually(() => expect(grace.modal()?.callbackId).toBe('link_account'))
  await company.here.act({ act: 'submit', as: 'U0GRACE', view: grace.modal()?.id ?? '', state: {} })
}

/** The code, as that account reads it. */
async function codeThere(): Promise<string> {
  const { ports, store, slack, world } = company
  await jobsAtWork({ ports, store, channel: slack.channel, clock: world.clock }).runDue()
  return eventually(() => {
    const text = JSON.stringify(company.there.as(bobThere).sees().messages)
    const [, code] = /approvals link code ([a-z0-9-]+)/.exec(text) ?? []
    if (!code) throw new Error('no code came')
    return code
  })
}

test('link-by-code of an account in another workspace: that one says what to type, its code is entered in the first, and it stands for its person then', async () => {
  await company.there.as(bobThere).command(channelThere, '/approvals link')
  await eventually(() => expect(toldThere()).toContain(`/approvals link ${emea}/${bobThere}`))

  await claim(`${emea}/${bobThere}`)
  await eventually(() => expect(toldHere()).toContain(`${emea}/${bobThere} counts as one person with you`))
  const code = await codeThere()
  expect(await unlinked()).toBe(true)

  await company.here.as('U0GRACE').command(channelId, `/approvals link code ${code}`)

  await eventually(() => expect(toldHere()).toContain('Confirmed: both accounts are yours'))
  expect(await unlinked()).toBeUndefined()
})

test('the code is worth nothing there, nor to anybody else', async () => {
  await claim(`${emea}/${bobThere}`)
  const code = await codeThere()

  await company.there.as(bobThere).command(channelThere, `/approvals link code ${code}`)
  await company.here.as('U0SAM').command(channelId, `/approvals link code ${code}`)

  await eventually(() =>
    expect(seen(company.here, 'U0SAM')).toContain('Enter it from the account that asked for it'),
  )
  await eventually(() => expect(toldThere()).toContain('linked to nobody in the first workspace'))
  expect(await unlinked()).toBe(true)
})

test('who is a guest there, or not there, is not linked', async () => {
  company.there.directory.changeMember(inga, { guest: 'multi' })
  await claim(`${emea}/${inga}`)
  await eventually(() => expect(toldHere()).toContain('guest'))

  await claim(`${emea}/U0NOBODY`)
  await eventually(() => expect(toldHere()).toContain('No active account matches'))
  expect(company.store.ledger.filter(({ type }) => type === 'person.linked')).toEqual([])
})
