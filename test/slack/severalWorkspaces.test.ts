import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountAlarm } from '../../src/approvals/cards/accountAlarm.ts'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { linkCodeOf } from '../../src/approvals/people/linkByCode.ts'
import { lookAtAccounts } from '../../src/approvals/people/lookAtAccounts.ts'
import { workspaceOf } from '../../src/slack/workspaces.ts'
import { eventually } from '../support/eventually.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import {
  bobThere,
  channelId,
  channelThere,
  emea,
  groupThere,
  inga,
  type TwoWorkspaces,
  twoWorkspaces,
} from './twoWorkspaces.ts'

let company: TwoWorkspaces
beforeEach(async () => {
  company = await twoWorkspaces()
})
afterEach(() => company.close())

/** People of both workspaces may decide, in the channel of the second. */
function askThere() {
  const bundle = bundleFiles['bundle.yaml'] ?? ''
  company.world.setPolicy(
    testBundle({
      ...bundleFiles,
      'bundle.yaml': bundle
        .replace('from: [group:platform-leads]', 'from: [group:platform-leads, group:emea-owners]')
        .replace('channel: channel:approvals', 'channel: channel:emea')
        .replace(
          'directory:\n',
          `directory:
  group:emea-owners: {slack_usergroup: ${groupThere}, slack_workspace: ${emea}}
  channel:emea: {slack_channel: ${channelThere}, slack_workspace: ${emea}}
`,
        ),
    }),
  )
}

/** Grace's account of Acme and Bob's of EMEA are one person, as far as somebody claims. */
async function claimed() {
  await linkAccounts(company.ports, {
    account: { address: 'slack:U0GRACE' },
    other: { address: `slack:${emea}/${bobThere}` },
    via: 'cli',
  })
}

async function ingaIsSam() {
  await linkAccounts(company.ports, {
    account: { address: 'slack:U0SAM' },
    other: { address: `slack:${emea}/${inga}` },
    via: 'cli',
  })
}

const state = async (id: string) => (await company.store.request(id))?.state

async function cardThere(id: string) {
  const [card] = await company.store.cards(id)
  if (!card?.message) throw new Error('no card was posted')
  return { card, at: { conversation: channelThere, ts: card.message } }
}

const drawnThere = (ts: string) =>
  JSON.stringify(
    company.there
      .as(bobThere)
      .messages(channelThere)
      .find((one) => one.ts === ts),
  )

/** What is said there to one person alone. */
const toldThere = (member: string) =>
  JSON.stringify(
    company.there
      .as(member)
      .messages(channelThere)
      .filter((one) => one.ephemeral),
  )

const codes = () =>
  company.store.ledger.filter(({ type }) => type === 'decision.refused').map(({ data }) => data.code)

describe('an account of another workspace', () => {
  test('changed-address: that comes to have the address of somebody else is told, where the policy says, when its own workspace tells of it', async () => {
    const { ports, store } = company
    for (const address of ['slack:U0GRACE', `slack:${emea}/${inga}`])
      await linkOf(ports, await ports.directory.account(address))
    await lookAtAccounts(ports)

    company.there.directory.changeMember(inga, { email: 'grace+emea@acme.test' })

    const told = () => [...store.jobs.values()].flatMap((job) => (job.task === 'accountAlarm' ? [job] : []))
    await eventually(() => expect(told()).not.toEqual([]))
    expect(store.ledger.filter(({ type }) => type === 'account.changed')).toMatchObject([
      { data: { what: 'shared', account: `slack:${emea}:${inga}`, other: 'slack:T0ACME:U0GRACE' } },
    ])
    for (const job of told()) await accountAlarm(ports, company.slack.channel, job)
    expect(JSON.stringify(company.here.as('U0PRIYA').sees().messages)).toContain(
      'the same confirmed e-mail address',
    )
  })

  test('linked to nobody in the first: it decides nothing, and hears why', async () => {
    askThere()
    const { id } = await company.asked('deploy.start')
    const { at } = await cardThere(id)

    await company.there.as(inga).press(at, 'approve')

    await eventually(() => expect(codes()).toEqual(['not_staff']))
    expect(await state(id)).toBe('pending')
    await eventually(() => expect(toldThere(inga)).toContain('linked to nobody in the first workspace'))
    // What they type there names this account, by the key that nobody knows by heart.
    expect(toldThere(inga)).toMatch(/approvals link slack:T\w+:U\w+/)
  })

  test('linked to somebody of the first: it decides, in the channel of its own workspace', async () => {
    askThere()
    await claimed()
    const { id } = await company.asked('deploy.start')
    const { card, at } = await cardThere(id)
    expect(card.conversation).toBe(`slack:${emea}/${channelThere}`)

    await company.there.as(bobThere).press(at, 'approve')

    await eventually(async () => expect(await state(id)).toBe('approved'))
    const request = await company.store.request(id)
    expect(request?.decisions[0]?.account).toBe(`slack:${emea}:${bobThere}`)
    await company.settle(id)
    expect(drawnThere(at.ts)).toContain('Approved')
  })

  test('whose account of the first was deactivated: it decides no more', async () => {
    askThere()
    await claimed()
    company.here.directory.changeMember('U0GRACE', { deleted: true })
    await company.here.idle()
    const { id } = await company.asked('deploy.start')
    const { at } = await cardThere(id)

    await company.there.as(bobThere).press(at, 'approve')

    await eventually(() => expect(codes()).toEqual(['not_staff']))
    expect(await state(id)).toBe('pending')
  })

  test('twin-accounts: behind the action by the account in one workspace, it decides by none in the other', async () => {
    askThere()
    await claimed()
    const { id } = await company.asked('deploy.start', { initiator: { email: 'grace@acme.test' } })
    const { at } = await cardThere(id)

    await company.there.as(bobThere).press(at, 'approve')

    await eventually(() => expect(codes()).toEqual(['own_request']))
    expect(await state(id)).toBe('pending')
  })

  test('a link that is only claimed gives nothing, and both can confirm it', async () => {
    const asking = { ...company.ports, confirms: true }
    await linkAccounts(asking, {
      account: { address: 'slack:U0GRACE' },
      other: { address: `slack:${emea}/${bobThere}` },
      via: 'cli',
    })
    const unlinked = async () => (await company.directory.account(`slack:${emea}/${bobThere}`)).unlinked
    expect(await unlinked()).toBe(true)

    const { store, slack, world } = company
    await jobsAtWork({ ports: asking, store, channel: slack.channel, clock: world.clock }).runDue()
    for (const [member, local] of [
      ['U0GRACE', company.here],
      [bobThere, company.there],
    ] as const) {
      const { messages } = local.as(member).sees()
      const [conversation, [message]] = Object.entries(messages).find(([id]) => id.startsWith('D')) ?? [
        '',
        [],
      ]
      await local.as(member).press({ conversation, ts: message?.ts ?? '' }, 'confirm_claim')
    }

    await eventually(async () => expect(await unlinked()).toBeUndefined())
  })
})

describe('what is of one workspace', () => {
  test('is asked there only: a group, its members, and who is in it', async () => {
    const source = {
      ref: 'group:emea-owners',
      kind: 'group',
      address: `slack:${emea}/${groupThere}`,
    } as const

    expect(await company.directory.members(source)).toEqual(
      [bobThere, inga].map((id) => `slack:${emea}/${id}`),
    )
    expect(await company.directory.isMember(source, `slack:${emea}:${inga}`)).toBe(true)
    expect(await company.directory.isMember(source, 'slack:T0ACME:U0GRACE')).toBe(false)
    expect(company.here.calls.filter(({ method }) => method.startsWith('usergroups'))).toEqual([])
  })

  test('is mentioned there and named elsewhere', async () => {
    askThere()
    const { id } = await company.asked('deploy.start')
    const { at } = await cardThere(id)

    const drawn = drawnThere(at.ts)
    expect(drawn).toContain(`<!subteam^${groupThere}>`)
    expect(drawn).toContain('platform-leads')
    expect(drawn).not.toContain('S0PLATFORM')
  })

  test('one that is away stops only itself', async () => {
    company.there.faults.next('*', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)

    await expect(company.directory.account(`slack:${emea}/${inga}`)).rejects.toThrow()
    expect(await company.directory.account('slack:U0GRACE')).toMatchObject({ name: expect.any(String) })
    const { id } = await company.asked('deploy.start')
    const [card] = await company.store.cards(id)
    await company.here.as('U0GRACE').press({ conversation: channelId, ts: card?.message ?? '' }, 'approve')
    await eventually(async () => expect(await state(id)).toBe('approved'))
  })

  test('a command there is answered there', async () => {
    askThere()
    await claimed()
    await company.asked('deploy.start')

    await company.there.as(bobThere).command(channelThere, '/approvals')

    await eventually(() => expect(toldThere(bobThere)).toContain('1 waiting for you'))
  })

  test('link-by-code there is entered there', async () => {
    await claimed()
    await ingaIsSam()
    const bob = company.there.as(bobThere)
    await bob.command(channelThere, '/approvals link @inga')
    await eventually(() => expect(bob.modal()?.callbackId).toBe('link_account'))
    await company.there.act({ act: 'submit', as: bobThere, view: bob.modal()?.id ?? '', state: {} })
    const question = await eventually(async () => {
      const link = await company.store.account(`slack:${emea}:${bobThere}`)
      const [asked] = link ? await company.store.confirmationsAbout(link.person) : []
      if (!asked) throw new Error('nobody was asked')
      return asked
    })

    await bob.command(channelThere, `/approvals link code ${linkCodeOf(company.ports, question)}`)

    await eventually(() => expect(toldThere(bobThere)).toContain('Confirmed: both accounts are yours'))
    expect((await company.store.confirmation(question.id))?.state).toBe('confirmed')
  })

  test('a delegate who is named there is somebody of there', async () => {
    askThere()
    await claimed()
    await ingaIsSam()

    await company.there.as(bobThere).command(channelThere, '/approvals delegate @inga until friday')

    await eventually(() => expect(toldThere(bobThere)).toContain('You are away until'))
    expect(await company.store.standingDelegations(company.world.clock())).toMatchObject([
      { id: `slack:${emea}:${bobThere}`, delegate: `slack:${emea}:${inga}` },
    ])
  })
})

test('where a delivery comes from is what Slack says of its install, then of the place, and nothing where it says nothing', () => {
  expect(workspaceOf({ authorizations: [{ team_id: emea }], team_id: 'T0ACME' })).toBe(emea)
  expect(workspaceOf({ team: { id: emea } })).toBe(emea)
  expect(workspaceOf({ team_id: emea })).toBe(emea)
  expect(workspaceOf({ team: null })).toBeNull()
  expect(workspaceOf('nothing')).toBeNull()
})
