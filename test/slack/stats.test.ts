import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click, submission } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'

/** Priya is of Security, whom the policy lets stop things; Bob is not. */
const policy = testBundle({
  ...bundleFiles,
  'actions.yaml': (bundleFiles['actions.yaml'] ?? '').replace(
    'node.drain: {effect: write, params: open}',
    'node.drain: {effect: write, params: {rows: int, note: string?}}',
  ),
  'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security]}\n`,
})

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(policy)
  await company.world.ports.renewPolicy()
})
afterEach(() => company.close())

const heard = (user: string) => JSON.stringify(company.local.as(user).messages(channelId))
async function answered(user: string, answer: string): Promise<void> {
  await company.local.as(user).command(channelId, '/approvals stats')
  await eventually(() => expect(heard(user)).toContain(answer))
}

test('whom the policy names sees what was asked, and what became of it', async () => {
  const approved = await ask(company.world, 'node.drain')
  await click(company.world, approved.id, 'U0GRACE')
  await ask(company.world, 'node.drain')
  await ask(company.world, 'repo.read')

  await answered('U0PRIYA', '2 asked since')

  expect(heard('U0PRIYA')).toMatch(/node\.drain\\n +2 +1 +0 +0 +\d+[smh]/)
  expect(heard('U0PRIYA')).not.toContain('repo.read')
})

test('load by person: who was asked, who decided and how fast, who was mentioned today', async () => {
  company.world.setPolicy(policy)
  const one = await company.asked('deploy.start')
  company.world.clock.advance(40)
  await company.local.as('U0GRACE').press(one.at, 'approve')
  await eventually(async () => expect(await company.state(one.request.id)).toBe('approved'))
  await company.asked('table.drop')

  await answered('U0PRIYA', 'Who is asked')

  expect(heard('U0PRIYA')).toMatch(/grace\\n +2 +1 +40s +2/i)
  expect(heard('U0PRIYA')).toContain('more than 30 times in 24 hours, or 10 times by one agent')
  expect(heard('U0PRIYA')).toMatch(/sam\\n +2 +0 +– +2/i)
})

describe('what was always granted', () => {
  /** Once a day for four weeks, by two people in turn. */
  async function granted(params: Record<string, string | number>) {
    const asked = submission('node.drain', { params })
    for (let day = 0; day < 28; day += 1) {
      const { id } = await ask(company.world, 'node.drain', asked)
      company.world.clock.advance(60)
      await click(company.world, id, day % 2 === 0 ? 'U0GRACE' : 'U0SAM')
      company.world.clock.advance(86_300)
    }
  }

  test('stands there with the rule by which it would flow, and what proves and simulates it', async () => {
    await granted({ rows: 5 })

    await answered('U0PRIYA', '28 asked since')

    expect(heard('U0PRIYA')).toContain('It would flow by the rule suggested.node-drain.')
    expect(heard('U0PRIYA')).toContain('verdict: allow')
    expect(heard('U0PRIYA')).toContain('countersign policy simulate --head candidate')
  })

  test('with a rule that is too long for it, has none: part of one could let more through', async () => {
    await granted({ rows: 5, note: 'n'.repeat(1_600) })

    await answered('U0PRIYA', '28 asked since')

    expect(heard('U0PRIYA')).toContain('which is too long to be shown here')
    expect(heard('U0PRIYA')).not.toContain('verdict: allow')
  })
})

test('whom it does not name is told who is, and sees nothing', async () => {
  await ask(company.world, 'node.drain')

  await answered('U0BOB', 'only those whom the policy names')

  expect(heard('U0BOB')).not.toContain('node.drain ')
})
