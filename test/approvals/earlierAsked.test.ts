import { expect, test } from 'vitest'
import { cardViewOf } from '../../src/approvals/cards/lines.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { actionOf, approvedOf, pairs } from '../slack/hasty/pairs.ts'
import { firstParagraphs, linesOf, marksIn } from '../slack/phone.ts'
import { opened } from '../store/opened.ts'
import { click, envelope, submission, testWorld, type World } from '../support/world.ts'

const inDatabase = async () => testWorld({ store: (await opened()).store })
const deploy = (params: ActionRequest['action']['params']) =>
  submission('deploy.start', { params: { ...params } })
const asked = async (world: World, of = deploy({ version: '2.4.0' }), as = envelope(world)) =>
  (await submit(world.ports, as, of)).request

async function approved(world: World, of?: ReturnType<typeof deploy>): Promise<ActionRequest> {
  const { id } = await asked(world, of)
  await click(world, id, 'U0GRACE')
  const request = await world.store.request(id)
  expect(request?.state).toBe('approved')
  if (!request) throw new Error('it was asked')
  world.clock.advance(60)
  return request
}

async function cardOf({ ports }: World, request: ActionRequest) {
  const { blocks } = renderCard({ id: 'crd_01kb', status: 'posted' }, await cardViewOf(ports, request))
  return { marks: marksIn(firstParagraphs(blocks)), text: linesOf(blocks, 1_000).join('\n') }
}

test('a card says how often it was asked, what was approved last and by whom, and how the agent has done', async () => {
  const world = await inDatabase()
  await approved(world)
  const denied = await asked(world, deploy({ version: '9.9.9' }))
  await click(world, denied.id, 'U0GRACE', { kind: 'deny' })

  const same = await cardOf(world, await asked(world))

  expect(same.text).toMatch(/3rd time this week · last approved .+ by U0GRACE with the same parameters/)
  expect(same.text).toContain('this agent in 90 days: 1 of 2 approved')
  expect(same.marks.join()).not.toContain('version')
  const other = await cardOf(world, await asked(world, deploy({ version: '2.4.0', force: true })))
  expect(other.marks).toContain('⚠ force true')
  expect(other.text).not.toContain('with the same parameters')
})

test('every copy of a card says the same, whatever happens meanwhile; once it is decided it says nothing of it', async () => {
  const world = await inDatabase()
  await approved(world)
  const request = await asked(world)
  const first = await cardOf(world, request)

  await approved(world, deploy({ version: '3.0.0' }))

  expect(await cardOf(world, request)).toEqual(first)
  await click(world, request.id, 'U0GRACE')
  const settled = await world.store.request(request.id)
  expect(settled && (await cardOf(world, settled)).text).not.toContain('this week')
})

test('what another agent asked, the same to the letter, is nothing of it; nor is what policy allowed by itself', async () => {
  const world = await inDatabase()
  await approved(world)
  await asked(world, submission('repo.read'))
  const lee = { email: 'lee@acme.test' }
  const made = { name: 'billing-agent-2', owner: lee, by: lee, via: 'test' }
  const other = await addAgent({ ...world.ports, confirms: false }, made)
  const byOther = await asked(world, undefined, envelope(world, { agent: other.agent, key: other.key }))

  expect((await cardOf(world, byOther)).text).toContain('never approved in 90 days')
  expect((await cardOf(world, byOther)).text).not.toContain('this week')
  const { text } = await cardOf(world, await asked(world))
  expect(text).toContain('2nd time this week')
  expect(text).toContain('1 of 1 approved')
})

test('it changes nothing about who decides, and no agent hears of it', async () => {
  const world = await inDatabase()
  const first = await asked(world)
  await click(world, first.id, 'U0GRACE')
  const second = await asked(world)

  expect(second.requirement).toEqual(first.requirement)
  expect(second.verdict.rules).toEqual(first.verdict.rules)
  const { earlier: _, ...others } = second.verdict.facts
  const { earlier: __, ...before } = first.verdict.facts
  expect(others).toEqual(before)
})

test.each(pairs.filter((_, nth) => nth % 12 === 0).map((pair) => [pair.name, pair] as const))(
  'from the asking to the card: %s',
  async (_, pair) => {
    const world = await inDatabase()
    const place = {
      resource: { type: 'table', id: 'warehouse.users' },
      environment: 'prod',
      action: 'deploy.start',
    }
    for (const { action } of approvedOf(pair)) await approved(world, deploy(action.params))
    const cardAfter = async (laid: typeof pair.dangerous) => {
      const { params } = actionOf(pair, laid)
      return cardOf(world, await asked(world, { ...deploy(params), action: { ...place, params } }))
    }

    expect((await cardAfter(pair.dangerous)).marks.join('\n')).toContain(pair.fact)
    expect((await cardAfter(pair.harmless)).marks.filter((mark) => mark.includes(pair.fact))).toEqual([])
  },
)
