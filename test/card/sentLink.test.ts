import { describe, expect, test } from 'vitest'
import { whoAsks } from '../../src/card/asking.ts'
import { name } from '../../src/card/span.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { ask, testWorld } from '../support/world.ts'
import { viewOfExport } from './views.ts'

const card = { id: 'crd_01kb', status: 'posted' } as const
const sent = (url: string) => viewOfExport({ run: { session: 'run-8841', url } })
const drawn = (url: string) => JSON.stringify(renderCard(card, sent(url)).blocks)

describe('sent-link: the run that an agent names', () => {
  test.each([
    ['looks like ours', 'https://agents.acme.test@evil.test/runs/8841'],
    ['is written as a link', 'https://evil.test/|https://agents.acme.test/'],
    ['mentions everybody', 'https://evil.test/<!channel>'],
  ])('one that %s is the text of its host, said by the agent, and no link', (_, url) => {
    const run = whoAsks(sent(url), name).find(({ label }) => label === 'Run (agent says)')

    expect(JSON.stringify(run?.value)).toContain('evil.test')
    expect(drawn(url)).toContain('Run (agent says): run-8841 on ')
    expect(drawn(url)).not.toMatch(/<https?:|<!channel>|"url":/)
  })

  test('changes nobody who is behind the action, and nobody who is asked', async () => {
    const world = await testWorld()
    const run = {
      session: 'run-8841',
      url: 'https://agents.acme.test/runs/8841?initiator=U0BOB',
    }

    const [named, unnamed] = [
      await ask(world, 'db.export', { run }),
      await ask(world, 'db.export', { run: null }),
    ]

    expect(named.run).toEqual(run)
    expect(named.behind).toEqual(unnamed.behind)
    expect(named.requirement).toEqual(unnamed.requirement)
  })
})
