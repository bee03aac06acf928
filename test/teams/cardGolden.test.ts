import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { alarmOf } from '../../src/teams/card/alarm.ts'
import { renderCard } from '../../src/teams/card/card.ts'
import { confirmationMessage } from '../../src/teams/card/confirmation.ts'
import type { CardMessage } from '../../src/teams/card/message.ts'
import { reminderOf, tellEntries } from '../../src/teams/card/timeline.ts'
import { claims } from '../card/claims.ts'
import { type Situation, situations } from '../card/situations.ts'
import { inTeams } from './inTeams.ts'
import { wrongIn } from './wrongIn.ts'

const golden = resolve('test/golden/teams')

/** What Teams is sent about a request in this situation. */
function sentOf({ view, status = 'posted', entries = [], alarm }: Situation): readonly Named[] {
  return [
    ['card', renderCard({ id: 'crd_01kb', status }, view)],
    ...entries.map((entry): Named => [entry.type, tellEntries(view, [entry])]),
    ['reminder', reminderOf(view)],
    ['alarm', alarmOf(view, { why: 'broken' })],
    ['alarm, overdue', alarmOf(view, { why: 'overdue' })],
    ...(alarm ? [[`alarm, ${alarm.why}`, alarmOf(view, alarm)] as Named] : []),
  ]
}

type Named = [string, CardMessage | null]

/** One piece of a card a line. */
function printed(messages: readonly Named[]): string {
  const lines = messages.flatMap(([name, message]) => {
    if (!message) return []
    const { body, refresh, msteams } = message.card
    return [
      `# ${name}`,
      message.summary,
      ...body.map((piece) => JSON.stringify(piece)),
      ...(refresh ? [`refresh ${JSON.stringify(refresh)}`] : []),
      ...(msteams.entities ?? []).map((one) => JSON.stringify(one)),
    ]
  })
  return [...lines, ''].join('\n')
}

test.each(Object.entries(situations))('what Teams is sent: %s', async (name, situation) => {
  const sent = sentOf(inTeams(situation))

  expect(
    sent.flatMap(([which, message]) => (message ? wrongIn(message).map((one) => `${which}: ${one}`) : [])),
  ).toEqual([])
  await expect(printed(sent)).toMatchFileSnapshot(resolve(golden, `${name}.txt`))
})

test.each(Object.entries(claims))('what one person is asked to confirm: %s', async (name, side) => {
  const { mine, confirmation } = inTeams(side)
  const message = confirmationMessage(mine, confirmation, 'k3m7x-a2b4c-d5e6f-g7h2j-m3n4p')

  expect(wrongIn(message)).toEqual([])
  await expect(printed([['claim', message]])).toMatchFileSnapshot(resolve(golden, `claims/${name}.txt`))
})

test('no golden file stands for what is sent no more', () => {
  const compared = [
    ...Object.keys(situations).map((name) => `${name}.txt`),
    ...Object.keys(claims).map((name) => `claims/${name}.txt`),
    'claims',
  ]
  const found = readdirSync(golden, { recursive: true }).map(String)

  expect(found.filter((name) => !compared.includes(name))).toEqual([])
})
