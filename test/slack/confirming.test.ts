import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addAgent, type Issued, revokeAgent } from '../../src/approvals/people/agents.ts'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { MemberAct, Message } from '../../src/sandbox/wire.ts'
import { shell } from '../support/claims.ts'
import { eventually } from '../support/eventually.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
let runDue: () => Promise<void>
beforeEach(async () => {
  company = await openCompany({ confirms: true })
  const { world, store, slack } = company
  runDue = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock }).runDue
})
afterEach(() => company.close())

const lee = { address: 'slack:U0LEE' }
const typed = { via: 'cli', shell } as const

/** An agent that somebody with a shell registers in Lee's name. */
async function claimed(name = 'nightly', by = lee): Promise<Issued> {
  const issued = await addAgent(company.world.ports, { name, owner: lee, by, ...typed })
  await runDue()
  return issued
}

const enter = ({ credential }: Issued) => authenticateKey(company.world.ports, credential)

/** What the bot has written to a member directly, and where. */
function directTo(member: string): readonly (Message & { readonly conversation: string })[] {
  const { messages, app } = company.local.as(member).sees()
  return Object.entries(messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([conversation, list]) => list.map((one) => ({ ...one, conversation })))
    .filter((one) => !one.ephemeral && one.user === app.botUserId)
}

const newest = (member: string) => {
  const message = directTo(member).at(-1)
  if (!message) throw new Error(`nothing was written to ${member}`)
  return message
}

const textOf = (message: Message) => JSON.stringify(message.blocks)

const press = (member: string, actionId: string, message = newest(member)) =>
  company.local.as(member).press({ conversation: message.conversation, ts: message.ts }, actionId)

/** A press as it travels, by anybody: also by people whose client would not let them. */
function travelling(as: string, actionId: string, message = newest('U0LEE')) {
  const block = message.blocks.find((one) => one.type === 'actions')
  const at = { conversation: message.conversation, ts: message.ts }
  const act: MemberAct = { act: 'press', as, at, blockId: String(block?.block_id), actionId }
  return company.local.compose(act)
}

const refusals = () =>
  company.store.ledger.filter(({ type }) => type === 'confirmation.refused').map(({ data }) => data.code)

describe('the message that asks', () => {
  test('is theirs alone, names the shell and what they will be behind, and has two buttons', async () => {
    await claimed()

    const text = textOf(newest('U0LEE'))
    expect(text).toContain('nightly')
    expect(text).toContain('root')
    expect(text).toContain('prod-1')
    expect(text).toContain('nobody has checked it')
    expect(text).toContain('you are behind whatever is asked for')
    expect(text).toContain('"action_id":"confirm_claim"')
    expect(text).toContain('"action_id":"disown_claim"')
    expect(directTo('U0ALICE')).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test('shows what a name or a shell hides, and nothing in it is parsed', async () => {
    const hostile = { user: '<!channel> *root*', host: 'prod\u202e1' }
    await addAgent(company.world.ports, { name: 'nightly', owner: lee, by: lee, via: 'cli', shell: hostile })
    await runDue()

    const text = textOf(newest('U0LEE'))
    expect(text).not.toContain('<!channel>')
    expect(text).toContain('[U+202E]')
  })
})

describe('a press', () => {
  test('of Confirm takes effect, and the message says so without buttons', async () => {
    const agent = await claimed()

    expect(await press('U0LEE', 'confirm_claim')).toMatchObject({ ok: true })
    await runDue()

    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
    expect(directTo('U0LEE')).toHaveLength(1)
    expect(textOf(newest('U0LEE'))).toContain('Confirmed.')
    expect(textOf(newest('U0LEE'))).not.toContain('action_id')
  })

  test('of This was not me ends it, and the log says at level error that somebody has to look', async () => {
    const agent = await claimed()

    await press('U0LEE', 'disown_claim')
    await runDue()

    await expect(enter(agent)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(textOf(newest('U0LEE'))).toContain('You said that this was not you.')
    expect(company.logged).toContainEqual(
      expect.objectContaining({ level: 50, shell, msg: expect.stringContaining('find out who has a shell') }),
    )
    const alerts = company.local.as('U0PRIYA').messages('C0ALERTS')
    expect(alerts.map(textOf).join()).toContain('was asked to confirm this, and says that it was not them')
  })

  test('foreign-payload: by somebody to whom the message was forwarded changes nothing and is recorded', async () => {
    const agent = await claimed()

    await company.local.send(travelling('U0BOB', 'confirm_claim'))

    await eventually(() => expect(refusals()).toEqual(['not_asked']))
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })

  test('control: the same press by the person counts', async () => {
    const agent = await claimed()

    await company.local.send(travelling('U0LEE', 'confirm_claim'))

    await eventually(async () => expect(await enter(agent)).toBeDefined())
  })

  test.each([
    ['the id of another claim', async () => (await claimed('other')).confirmation?.id ?? ''],
    ['no id of ours', async () => 'cnf_none'],
    ['something else', async () => 'req_01|crd_01'],
  ])('foreign-payload: that carries %s changes nothing', async (_, value) => {
    const agent = await claimed()
    const message = newest('U0LEE')
    const other = await value()
    const { payload, ...parcel } = travelling('U0LEE', 'confirm_claim', message)
    const [action] = payload.actions as Record<string, unknown>[] // as it was composed

    await company.local.send({ ...parcel, payload: { ...payload, actions: [{ ...action, value: other }] } })
    await company.local.idle()

    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    expect(await company.store.agent('other')).not.toMatchObject({ status: 'active' })
  })

  test('after 24 hours is answered with what there is to do', async () => {
    const agent = await claimed()
    const late = travelling('U0LEE', 'confirm_claim')
    company.world.clock.advance(24 * 3_600 + 1)

    await company.local.send(late)
    await runDue()

    await eventually(() => expect(refusals()).toEqual(['confirmation_over']))
    expect(textOf(newest('U0LEE'))).toContain('Not confirmed in time.')
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })

  test('twice is once', async () => {
    const agent = await claimed()
    const parcel = travelling('U0LEE', 'confirm_claim')

    await Promise.all([company.local.send(parcel), company.local.send(parcel)])
    await company.local.idle()

    await expect(enter(agent)).resolves.toMatchObject({ agent: { version: 2 } })
    expect(company.store.ledger.filter(({ type }) => type === 'confirmation.given')).toHaveLength(1)
  })

  test.each([
    ['was deactivated meanwhile', { deleted: true }],
    ['is a guest by now', { guest: 'multi' as const }],
  ])('by somebody who %s is refused', async (_, change) => {
    const agent = await claimed()
    const parcel = travelling('U0LEE', 'confirm_claim')
    company.local.directory.changeMember('U0LEE', change)
    await company.local.idle()

    await company.local.send(parcel)

    await eventually(() => expect(refusals()).toEqual(['not_staff']))
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })
})

test('the message of an agent that was revoked meanwhile asks for nothing any more', async () => {
  await claimed()

  await revokeAgent(company.world.ports, { name: 'nightly', by: lee, ...typed })
  await runDue()

  expect(textOf(newest('U0LEE'))).toContain('Nothing left to confirm.')
  expect(textOf(newest('U0LEE'))).not.toContain('action_id')
})

test('of two accounts each is asked, and each reads what the other has answered', async () => {
  const other = { address: 'slack:U0OMAR' }
  await linkAccounts(company.world.ports, { account: lee, other, ...typed })
  await runDue()

  await press('U0LEE', 'confirm_claim')
  await runDue()

  expect(textOf(newest('U0LEE'))).toContain('You have confirmed it.')
  expect(textOf(newest('U0OMAR'))).toContain('who has confirmed it')
  await press('U0OMAR', 'confirm_claim')
  await runDue()
  for (const who of ['U0LEE', 'U0OMAR']) expect(textOf(newest(who))).toContain('It is in effect.')
})
