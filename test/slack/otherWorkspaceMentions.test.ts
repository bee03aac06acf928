import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Crowd } from '../../src/card/crowd.ts'
import type { NamedSource } from '../../src/core/requirement.ts'
import { eventually } from '../support/eventually.ts'
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

/** These of both workspaces are asked, in the channel of the second. */
function askThere(from: string, defaults = '') {
  company.world.setPolicy(
    testBundle({
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '')
        .replace('from: [group:platform-leads]', `from: [${from}]`)
        .replace('defaults:\n', `defaults:\n${defaults}`)
        .replace('channel: channel:approvals', 'channel: channel:emea')
        .replace(
          'directory:\n',
          `directory:
  group:emea-owners: {slack_usergroup: ${groupThere}, slack_workspace: ${emea}}
  user:inga: {slack_user: ${inga}, slack_workspace: ${emea}}
  channel:emea: {slack_channel: ${channelThere}, slack_workspace: ${emea}}
`,
        ),
    }),
  )
}

/** What the card of a request there says of whom it needs. */
async function needsOf(id: string): Promise<string> {
  const [card] = await company.store.cards(id)
  const message = company.there
    .as(bobThere)
    .messages(channelThere)
    .find(({ ts }) => ts === card?.message)
  return JSON.stringify(message?.blocks.find((block) => JSON.stringify(block).includes('*Needs*')))
}

async function called(account: string, times: number) {
  const at = company.world.clock().toISOString()
  const mentions = Array.from({ length: times }, (_, by) => ({
    ...{ account: `slack:${account}`, name: `by ${by}`, agent: `agt_${by}`, at },
  }))
  await company.store.commit({ mentions, entries: [] })
}

describe('a card in another workspace', () => {
  test('names each set of the first that it asks, and mentions its own', async () => {
    askThere('group:platform-leads, group:iam-admins, group:emea-owners')

    const { id } = await company.asked('deploy.start')

    expect(await needsOf(id)).toContain(`1 of <!subteam^${groupThere}> or iam-admins or platform-leads`)
  })

  test('calls those by name who may be, where its group may not', async () => {
    askThere('group:platform-leads, group:emea-owners', '  mentions_per_day: 3\n')
    await called(inga, 3)

    const { id } = await company.asked('deploy.start')

    expect(await needsOf(id)).toContain(
      `1 of emea-owners (<@${bobThere}>; others were mentioned often enough today) or platform-leads`,
    )
  })

  test('mentions the delegate of whoever is away there, who is counted', async () => {
    askThere('user:inga, group:emea-owners', '  mentions_per_day: 9\n')
    for (const [here, there] of [
      ['U0GRACE', bobThere],
      ['U0SAM', inga],
    ])
      await linkAccounts(company.ports, {
        account: { address: `slack:${here}` },
        other: { address: `slack:${emea}/${there}` },
        via: 'cli',
      })
    await company.there.as(inga).command(channelThere, `/approvals delegate <@${bobThere}> until friday`)
    await eventually(async () =>
      expect(await company.store.standingDelegations(company.world.clock())).toHaveLength(1),
    )
    await called(inga, 9)

    const { id } = await company.asked('deploy.start')

    expect(await needsOf(id)).toContain(`or <@${bobThere}> (for `)
    expect(await needsOf(id)).not.toContain(`<@${inga}>`)
    const counted = await company.store.mostCalled('2026-11-01T00:00:00.000Z', 10)
    expect(counted).toContainEqual({ account: `slack:${bobThere}`, times: 1 })
    expect(counted).toContainEqual({ account: `slack:${inga}`, times: 9 })
  })
})

describe('flood: the card that stands for many', () => {
  const group = (ref: string, address: string): NamedSource => ({
    ref: `group:${ref}`,
    kind: 'group',
    address,
  })
  const crowd: Crowd = {
    waiting: 50,
    agents: [{ name: 'billing-agent', count: 50 }],
    endsFirst: '2026-11-24T15:00:00.000Z',
    needed: [
      group('platform-leads', 'slack:S0PLATFORM'),
      group('emea-owners', `slack:${emea}/${groupThere}`),
    ],
  }

  test.each([
    ['the first', 'here', channelId, 'Needed: <!subteam^S0PLATFORM> and emea-owners.'],
    ['another', 'there', channelThere, `Needed: platform-leads and <!subteam^${groupThere}>.`],
  ] as const)(
    'in %s workspace mentions the sets of that one, and names the others: posted, changed, reminded',
    async (_, where, channel, needed) => {
      const conversation = where === 'here' ? `slack:${channel}` : `slack:${emea}/${channel}`
      const reader = company[where].as(where === 'here' ? 'U0GRACE' : bobThere)
      const drawn = () => reader.messages(channel).map((one) => JSON.stringify(one.blocks))

      const message = await company.slack.channel.postCrowd(conversation, crowd)
      expect(drawn().at(-1)).toContain(needed)
      await company.slack.channel.showCrowd({ conversation, message }, { ...crowd, waiting: 49 })
      expect(drawn().at(-1)).toContain(needed)
      await company.slack.channel.remindCrowd({ conversation, message }, crowd)

      expect(drawn().filter((one) => one.includes(`Still waiting. ${needed}`))).toHaveLength(1)
    },
  )
})
