import { announce } from '../../../src/approvals/cards/announce.ts'
import { report } from '../../../src/approvals/executions/report.ts'
import type { HouseNow } from '../../../src/approvals/houseNow.ts'
import type { ActionRequest } from '../../../src/core/request.ts'
import { type Company, openCompany } from '../../slack/company.ts'
import { broken } from '../../slack/emergency.ts'
import { moved } from '../../support/executing.ts'
import { type JobsAtWork, jobsAtWork } from '../../support/jobsAtWork.ts'
import { said } from '../../support/reportingWorld.ts'
import { actionOn } from '../../support/setWorld.ts'
import { ask, click } from '../../support/world.ts'
import { busyBundle } from './busyBundle.ts'
import { type Shown, type Watched, watched } from './seenBy.ts'

const well: HouseNow = {
  conditions: [],
  stored: {
    ledger: { sealed: 48_211, waiting: 3 },
    anchoredSeconds: 412,
    jobs: [{ due: 2, lateSeconds: 1, dead: 0 }],
  },
}
const unwell: HouseNow = {
  conditions: [
    { code: 'channel_away', detail: '' },
    { code: 'anchor_missed', detail: '' },
  ],
  stored: {
    ledger: { sealed: 1, waiting: 240 },
    anchoredSeconds: 90_000,
    jobs: [{ due: 31, lateSeconds: 620, dead: 2 }],
  },
}

interface Busy {
  readonly company: Company
  readonly seen: Watched
  readonly jobs: JobsAtWork
  readonly turn: (to: HouseNow) => void
}

/** A company in which much waits, runs, was denied, is stopped or is on leave. */
export async function busyHouse(): Promise<Shown> {
  const house: { -readonly [K in keyof HouseNow]: HouseNow[K] } = { ...well }
  const company = await openCompany({ tells: true, confirms: true, house })
  try {
    const { world, store, slack } = company
    world.setPolicy(busyBundle())
    await world.ports.renewPolicy()
    const jobs = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock })
    const busy = { company, seen: watched(company), jobs, turn: (to: HouseNow) => Object.assign(house, to) }
    const stories = await happens(company)
    await jobs.pass(90)
    await lists(busy, stories)
    await ownThings(busy)
    await stops(busy)
    await leave(busy)
    return busy.seen.shown
  } finally {
    await company.close()
  }
}

/** One request for each end that there can be, and more that wait than a list shows. */
async function happens(company: Company): Promise<Readonly<Record<string, ActionRequest>>> {
  const { world, store } = company
  const on = (action: string, table: string) => ask(world, action, { action: actionOn(action, table) })
  const approved = async (table: string) => {
    const { id } = await on('db.export', table)
    await click(world, id, 'U0OMAR')
    return (await click(world, id, 'U0SAM')).request
  }
  const running = async (table: string) => moved(store, (await approved(table)).id, 'grant', 'redeem')
  const deviated = await running('warehouse.invoices')
  await report(world.ports, {
    request: deviated.id,
    by: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
    report: said('succeeded', { action: { ...deviated.action, params: { rows: 50_000 } } }),
  })
  await broken(company)
  const { id } = await on('db.export', 'warehouse.salaries')
  const stories = {
    denied: (await click(world, id, 'U0BOB', { kind: 'deny', reason: 'Salaries stay here.' })).request,
    approved: await approved('warehouse.orders'),
    running: await running('warehouse.carts'),
    deviated,
    allowed: await on('repo.read', 'warehouse.readme'),
    liftable: await on('freeze.deploy', 'warehouse.web'),
    'in writing': await on('secret.read', 'warehouse.key'),
    forbidden: await on('audit.delete', 'warehouse.log'),
    waiting: await on('db.export', 'warehouse.users'),
  }
  for (let nth = 0; nth < 32; nth += 1) await on('db.export', `warehouse.t${nth}`)
  await announce(world.ports, company.slack.channel, stories.waiting.id)
  return stories
}

async function lists({ seen }: Busy, stories: Readonly<Record<string, ActionRequest>>): Promise<void> {
  await seen.types('U0ALICE', '', 'what Alice asked for')
  await seen.types('U0GRACE', '', 'what Grace could do in an emergency')
  await seen.types('U0BOB', '', 'what waits for Bob')
  await seen.chooses('U0BOB', 'My approvals')
  await seen.presses('U0BOB', 'list', { name: 'the rest of a list' })
  await seen.presses('U0BOB', 'list_next', { name: 'its last page' })
  await seen.presses('U0BOB', 'open', { name: 'a request of a list' })
  for (const [name, { id }] of Object.entries(stories))
    for (const word of ['show', 'who', 'why'])
      await seen.types('U0ALICE', `${word} ${id}`, `${word}, ${name}`)
  await seen.types('U0ALICE', 'history', 'all of the history')
  await seen.presses('U0ALICE', 'history_next', { name: 'the next page of the history' })
  await seen.types('U0BOB', 'history state:denied action:db.export since:7d')
  await seen.types('U0PRIYA', 'stats')
  await seen.types('U0BOB', 'policy')
}

/** Agents, tokens and accounts. */
async function ownThings({ seen, jobs }: Busy): Promise<void> {
  await seen.types('U0BOB', 'agents add nightly for 5d')
  await seen.types('U0BOB', 'agents add weekly')
  await seen.types('U0BOB', 'agents')
  await seen.types('U0BOB', 'agents rotate weekly')
  await seen.types('U0BOB', 'agents hand-over weekly <@U0SAM>')
  await seen.types('U0BOB', 'agents revoke nightly')
  await seen.submits('U0BOB', 'Bob revokes an agent')
  await seen.types('U0LEE', 'agents revoke billing-agent')
  await seen.types('U0BOB', 'token for 3')
  await seen.types('U0BOB', 'tokens', 'one token')
  await seen.types('U0BOB', 'token')
  await seen.types('U0BOB', 'tokens', 'two tokens')
  await seen.types('U0OMAR', 'link <@U0GRACE>')
  await seen.submits('U0OMAR', 'Omar links an account')
  await seen.types('U0OMAR', 'link', 'two accounts')
  await seen.types('U0BOB', 'policy test')
  await seen.submits('U0BOB', 'what the policy would say', {
    ...{ action: 'db.export', resource_type: 'table', resource_id: 'warehouse.users' },
    ...{ environment: 'prod', params: '{"rows": 500}', agent: 'billing-agent' },
  })
  await jobs.pass(5)
}

async function stops({ seen, turn }: Busy): Promise<void> {
  await seen.opensHome('U0PRIYA', 'an administrator')
  turn(unwell)
  await seen.opensHome('U0PRIYA', 'an administrator whose server is unwell')
  turn({ conditions: [{ code: 'cannot_write', detail: '' }], stored: null })
  await seen.opensHome('U0PRIYA', 'an administrator whose database does not answer')
  turn(well)
  await seen.types('U0PRIYA', 'stop', 'what can be stopped')
  await seen.types('U0PRIYA', 'stop agnet billing-agent', 'a kind that is mistyped')
  await seen.types('U0PRIYA', 'stop agent nobody-knows', 'an agent that is not there')
  await seen.types('U0PRIYA', 'stop agent billing-agent It exports far too much')
  await seen.submits('U0PRIYA', 'an agent is stopped', { reason: 'It exports far too much' })
  await seen.types('U0PRIYA', 'stop action deploy.* Change freeze')
  await seen.submits('U0PRIYA', 'actions are stopped', { reason: 'Change freeze' })
  await seen.types('U0PRIYA', 'stops', 'two stops')
  const id = /stp_[0-9a-z]+/.exec(JSON.stringify(seen.shown.messages['two stops']))?.[0] ?? ''
  await seen.types('U0PRIYA', `resume ${id} The freeze is over`, 'resuming')
  await seen.submits('U0PRIYA', 'resuming is asked for', { reason: 'The freeze is over' })
}

/** Somebody is away, somebody leaves. Then every Home, and what everybody was told directly. */
async function leave({ company, seen, jobs }: Busy): Promise<void> {
  await seen.types('U0BOB', 'delegate <@U0PRIYA> until friday')
  await seen.types('U0BOB', 'delegate', 'Bob is away')
  await seen.types('U0PRIYA', 'delegate', 'Priya stands in')
  await jobs.pass(90)
  for (const member of ['U0ALICE', 'U0BOB', 'U0GRACE', 'U0LEE', 'U0PRIYA'])
    await seen.opensHome(member, `of ${member.slice(2).toLowerCase()}`)
  await seen.types('U0BOB', 'delegate off')
  company.local.directory.changeMember('U0LEE', { deleted: true })
  await company.local.idle()
  await seen.opensHome('U0PRIYA', 'an owner has left')
  for (const member of ['U0ALICE', 'U0BOB', 'U0PRIYA', 'U0SAM', 'U0GRACE', 'U0LEE'])
    for (const conversation of Object.keys(company.local.as(member).sees().messages))
      if (conversation.startsWith('D')) seen.reads(member, conversation, `directly to ${member}`)
}
