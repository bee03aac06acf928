import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { pageCount } from '../../src/card/reading/full.ts'
import { alarmOf } from '../../src/slack/card/alarm.ts'
import { type CardMessage, renderCard } from '../../src/slack/card/card.ts'
import { reminderOf, tellEntries } from '../../src/slack/card/timeline.ts'
import { stateText } from '../../src/slack/text/answers.ts'
import { type Situation, situations } from '../card/situations.ts'
import { fullModal } from './readingModals.ts'

/** What Slack is sent about a request in this situation, one block a line; of its full view the last page. */
function sent({ view, status = 'posted', entries = [], alarm }: Situation): string {
  const page = pageCount(view.request) - 1
  const last = fullModal(view, { request: view.request.id, card: 'crd_01kb', page, from: 'card' })
  const messages: [string, CardMessage | null][] = [
    ['card', renderCard({ id: 'crd_01kb', status }, view)],
    ...entries.map((entry): [string, CardMessage | null] => [entry.type, tellEntries(view, [entry])]),
    ['reminder', reminderOf(view, '<https://acme.slack.test/p1|Open the card>')],
    ['alarm', alarmOf(view, { why: 'broken' })],
    ['alarm, overdue', alarmOf(view, { why: 'overdue' })],
    ...(alarm ? [[`alarm, ${alarm.why}`, alarmOf(view, alarm)] as [string, CardMessage | null]] : []),
  ]
  return [
    ...messages.flatMap(([name, message]) =>
      message ? [`# ${name}`, message.text, ...message.blocks.map((block) => JSON.stringify(block))] : [],
    ),
    '# state',
    stateText(view),
    '# full request',
    ...last.blocks.map((block) => JSON.stringify(block)),
    '',
  ].join('\n')
}

test('a line of a thread names who decided and never mentions them; control: the card does mention them', () => {
  const deciders = /<@U0(BOB|SAM)>/
  const lines = Object.values(situations).flatMap(({ view, entries = [] }) =>
    entries
      .filter(({ type }) => type !== 'execution.deviated')
      .map((entry) => JSON.stringify(tellEntries(view, [entry]))),
  )

  expect(lines.filter((line) => /Bob|Sam/.test(line)).length).toBeGreaterThan(8)
  expect(lines.filter((line) => deciders.test(line))).toEqual([])
  const { view } = situations['seat-filled'] ?? { view: null }
  expect(JSON.stringify(view && renderCard({ id: 'crd_01kb', status: 'posted' }, view))).toMatch(deciders)
})

test('but what was not done as approved calls those who approved it, and the owner of the agent', () => {
  const { view, entries = [] } = situations.deviated ?? { view: null }
  const line = view && tellEntries(view, entries.slice(1, 2))

  expect(line?.text).toMatch(/<@U0BOB>, <@U0SAM> and <@U0LEE>/)
})

test.each(Object.entries(situations))('what Slack is sent: %s', async (name, situation) => {
  await expect(sent(situation)).toMatchFileSnapshot(resolve('test/golden/card', `${name}.slack.txt`))
})
