import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { linkCodeOf, sendLinkCode } from '../../src/approvals/people/linkByCode.ts'
import { elsewhere } from '../../src/slack/workspaces.ts'
import { eventually } from '../support/eventually.ts'
import { bobThere, channelThere, emea, sameIdAs, type TwoWorkspaces, twoWorkspaces } from './twoWorkspaces.ts'

let company: TwoWorkspaces
beforeEach(async () => {
  company = await twoWorkspaces()
})
afterEach(() => company.close())

const type = (member: string, text: string) =>
  company.there.as(member).command(channelThere, `/approvals ${text}`)
const toldThere = (member: string) =>
  JSON.stringify(
    company.there
      .as(member)
      .messages(channelThere)
      .filter((one) => one.ephemeral),
  )

describe('twin-accounts: an id of another workspace is nobody of the first', () => {
  test('who types the code that was sent for somebody of the first', async () => {
    const question = await sendLinkCode(company.ports, {
      account: `slack:T0ACME:${sameIdAs.alice}`,
      other: { address: 'slack:U0BOB' },
      ...{ via: 'slack', delivery: 'd1' },
    })
    const code = linkCodeOf(company.ports, question.confirmation)

    await type(sameIdAs.alice, `link code ${code}`)

    await eventually(() => expect(toldThere(sameIdAs.alice)).toContain('full members of this workspace'))
    expect(await company.store.confirmation(question.confirmation.id)).toMatchObject({ state: 'waiting' })
  })

  test('who is named as the delegate of somebody there', async () => {
    await linkAccounts(company.ports, {
      account: { address: 'slack:U0PRIYA' },
      other: { address: `slack:${emea}/${bobThere}` },
      via: 'cli',
    })

    await type(bobThere, `delegate <@${sameIdAs.omar}> until friday`)

    await eventually(() =>
      expect(toldThere(bobThere)).toContain('of another workspace, and linked to nobody in the first'),
    )
    expect(await company.store.standingDelegations(company.world.clock())).toEqual([])
  })

  test('who does something there before that workspace has said who we are: nobody hears it, and Slack brings it again', async () => {
    const first = elsewhere([emea], [])

    await expect(first({ team_id: emea })?.hear({ body: {}, ack: async () => undefined })).rejects.toThrow(
      'has not said yet who we are',
    )
    expect(first({ team_id: 'T0ACME' })).toBeNull()
    expect(first({})).toBeNull()
  })
})
