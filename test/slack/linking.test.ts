import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { showConfirmation } from '../../src/approvals/cards/showConfirmation.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { eventually } from '../support/eventually.ts'
import { ask, click } from '../support/world.ts'
import { type Company, channelId, openCompany, send } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ confirms: true })
})
afterEach(() => company.close())

const type = (user: string, text: string) => company.local.as(user).command(channelId, `/approvals ${text}`)
const heard = (user: string) => JSON.stringify(company.local.as(user).messages(channelId))
async function answered(user: string, text: string, answer: string): Promise<void> {
  await type(user, text)
  await eventually(() => expect(heard(user)).toContain(answer))
}
/** What somebody was written directly, as the last message has it. */
const letter = (user: string) => {
  const all = Object.entries(company.local.as(user).sees().messages).filter(([place]) =>
    place.startsWith('D'),
  )
  return JSON.stringify(all.at(-1)?.[1].at(-1) ?? null)
}
const codeIn = (text: string) => /(?:[a-z2-7]{5}-){4}[a-z2-7]{5}/.exec(text)?.[0] ?? ''
const questions = async () => {
  const link = await company.store.account('slack:T0ACME:U0ALICE')
  return link ? company.store.confirmationsAbout(link.person) : []
}

/** Alice says that Bob's account is hers, too, and its message is posted. */
async function linked() {
  await type('U0ALICE', 'link @bob')
  await eventually(() => expect(company.local.as('U0ALICE').modal()?.callbackId).toBe('link_account'))
  await send(company, 'U0ALICE', {})
  await eventually(() =>
    expect(JSON.stringify(company.local.as('U0ALICE').sees())).toContain('counts as one person with you'),
  )
  const [question] = await questions()
  await showConfirmation(company.world.ports, company.slack.channel, question?.id ?? '')
}

describe('link-by-code in Slack', () => {
  test('no window opens to link an account with itself', async () => {
    await answered('U0ALICE', 'link @alice', 'That is this account itself.')

    expect(company.local.as('U0ALICE').modal()).toBeUndefined()
  })

  test('a window says what it takes away; nothing is joined before it is sent', async () => {
    const { id } = await ask(company.world, 'db.export')
    await type('U0ALICE', 'link @bob')
    await eventually(() => expect(company.local.as('U0ALICE').modal()?.callbackId).toBe('link_account'))

    expect(await questions()).toEqual([])
    await send(company, 'U0ALICE', {})
    await eventually(async () => expect(await questions()).toHaveLength(1))

    await expect(click(company.world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('the code is sent to the other account alone, with a button that says that it was not them', async () => {
    await linked()

    const code = codeIn(letter('U0BOB'))
    expect(code).not.toBe('')
    expect(letter('U0BOB')).toContain('disown_claim')
    expect(letter('U0BOB')).not.toContain('confirm_claim')
    for (const other of ['U0ALICE', 'U0PRIYA'])
      expect(JSON.stringify(company.local.as(other).sees())).not.toContain(code)
    expect(JSON.stringify(company.logged)).not.toContain(code)
  })

  test('entered from the first account it confirms both, and the message has it no more', async () => {
    await linked()
    const code = codeIn(letter('U0BOB'))

    await answered('U0BOB', `link code ${code}`, 'no code that this account can enter')
    await answered('U0ALICE', `link code ${code}`, 'Confirmed: both accounts are yours')

    const [question] = await questions()
    await showConfirmation(company.world.ports, company.slack.channel, question?.id ?? '')
    expect(letter('U0BOB')).toContain('Confirmed.')
    expect(codeIn(letter('U0BOB'))).toBe('')
    await answered('U0ALICE', 'link', '2 accounts count as you')
    expect(company.local.problems).toEqual([])
  })

  test('what is shown says what is only claimed', async () => {
    await answered('U0ALICE', 'link', 'your only account here')
    await linked()

    await answered('U0ALICE', 'link', 'not confirmed: only what takes away counts')
  })

  test('a wrong code is told so, and what is typed otherwise is told how', async () => {
    await linked()

    await answered('U0ALICE', 'link code nonsense', 'no code that this account can enter')
    await answered('U0ALICE', 'link bob', 'says that another account is yours, too')
  })

  test('not-staff: a guest is refused', async () => {
    await type('U0GWEN', 'link')
    await eventually(() => expect(heard('U0GWEN')).toContain('full members'))
  })
})

test('link-by-code: whoever claims an account learns nothing of others of its person, nor they of the claimer’s', async () => {
  const linkedBefore = (account: string, other: string) =>
    linkAccounts(
      { ...company.world.ports, confirms: false },
      { account: { address: `slack:${account}` }, other: { address: `slack:${other}` }, via: 'cli' },
    )
  await linkedBefore('U0BOB', 'U0PRIYA')
  await linkedBefore('U0ALICE', 'U0SAM')
  await linked()

  await answered('U0ALICE', 'link', '3 accounts count as you')
  expect(heard('U0ALICE')).toContain('slack:T0ACME:U0BOB')
  expect(heard('U0ALICE')).not.toContain('U0PRIYA')
  await answered('U0BOB', 'link', '3 accounts count as you')
  expect(heard('U0BOB')).toContain('slack:T0ACME:U0ALICE')
  expect(heard('U0BOB')).not.toContain('U0SAM')
})
