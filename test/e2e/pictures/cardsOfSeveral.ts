import { announce } from '../../../src/approvals/cards/announce.ts'
import { refresh } from '../../../src/approvals/cards/refresh.ts'
import type { SubmittedSet } from '../../../src/approvals/sets/submitSet.ts'
import type { ActionRequest } from '../../../src/core/request.ts'
import { type Company, channelId, openCompany } from '../../slack/company.ts'
import { askTogether, clickAll } from '../../support/setWorld.ts'
import { ask, click, submission } from '../../support/world.ts'
import { busyBundle } from './busyBundle.ts'
import { type At, type Shown, type Watched, watched } from './seenBy.ts'

interface Scene {
  readonly company: Company
  readonly seen: Watched
}

/** Cards that ask about several requests, and of those about one the window that lets less through. */
export async function cardsOfSeveral(): Promise<Shown> {
  const company = await openCompany()
  try {
    company.world.setPolicy(busyBundle())
    await company.world.ports.renewPolicy()
    const scene = { company, seen: watched(company) }
    await setOfThree(scene)
    await announced(company, (await askTogether(company.world, twenty())).requests[0])
    await askedAgain(scene, 3)
    await askedAgain(scene, 20)
    await narrowed(scene)
    scene.seen.reads('U0GRACE', channelId, 'as it ends')
    return scene.seen.shown
  } finally {
    await company.close()
  }
}

function twenty(): readonly string[] {
  return Array.from({ length: 20 }, (_, nth) => (nth % 2 === 0 ? 'deploy.start' : 'table.drop'))
}

async function setOfThree({ company, seen }: Scene): Promise<void> {
  const set = await askTogether(company.world, ['deploy.start', 'table.drop', 'host.reboot'])
  const at = await announced(company, set.requests[0])
  seen.reads('U0GRACE', channelId, 'a set that waits')
  await seen.presses('U0GRACE', 'deny', { at, name: 'denying a set' })
  await clickAll(company.world, set, 'U0GRACE', { lines: [1] })
  await shown(company, carrierOf(set))
  seen.reads('U0GRACE', channelId, 'a set of which one line is decided')
  await clickAll(company.world, set, 'U0GRACE', { lines: [0], kind: 'deny', reason: 'Not on a Friday.' })
  await shown(company, carrierOf(set))
  seen.reads('U0GRACE', channelId, 'a set of which two lines are decided')
}

function carrierOf({ requests }: SubmittedSet): string {
  return requests[0]?.id ?? ''
}

/** The same, asked so many times, for one reason after the other. */
async function askedAgain({ company, seen }: Scene, times: number): Promise<void> {
  const { world, slack } = company
  const action = submission('node.drain', { params: { node: `worker-${times}` } }).action
  const all: ActionRequest[] = []
  for (let nth = 1; nth <= times; nth += 1) {
    const request = await ask(world, 'node.drain', { action, reason: `Try ${nth} of the upgrade` })
    await announce(world.ports, slack.channel, request.id)
    all.push(request)
  }
  const [first] = all
  if (!first) throw new Error('something is asked')
  await shown(company, first.id)
  seen.reads('U0GRACE', channelId, `asked ${times} times`)
  await click(world, all[1]?.id ?? '', 'U0GRACE', { kind: 'deny', reason: 'Once is enough.' })
  await shown(company, first.id)
  seen.reads('U0GRACE', channelId, `asked ${times} times, one of them denied`)
}

async function narrowed({ company, seen }: Scene): Promise<void> {
  const columns = ['id', 'name', 'email']
  const { id } = await ask(
    company.world,
    'data.dump',
    submission('data.dump', { params: { rows: 5_000, columns } }),
  )
  const at = await announced(company, await company.store.request(id))
  await seen.presses('U0BOB', 'narrow', { at, name: 'letting less through' })
  const left = { 'narrow/rows': '500', 'narrow/columns': ['0', '1'], reason: 'Enough for that.' }
  await seen.submits('U0BOB', 'what would be left', left)
}

async function announced(company: Company, request?: ActionRequest | null): Promise<At> {
  const { world, slack, store } = company
  await announce(world.ports, slack.channel, request?.id ?? '')
  const [card] = await store.cards(request?.id ?? '')
  return { conversation: channelId, ts: card?.message ?? '' }
}

async function shown({ world, slack }: Company, request: string): Promise<void> {
  world.clock.advance(30)
  await refresh(world.ports, slack.channel, { request, anew: true })
}
