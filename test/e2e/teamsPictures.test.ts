import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onDay, outside, say } from '../../src/card/span.ts'
import { revealLine } from '../../src/card/text.ts'
import { tellingOf } from '../../src/teams/card/message.ts'
import { hostile } from '../card/views.ts'
import { messages } from './pictures/teamsMessages.ts'
import { openTeamsStudio, type Pictured, type SentToTeams, type TeamsStudio } from './pictures/teamsStudio.ts'
import { windows } from './pictures/teamsWindows.ts'

let studio: TeamsStudio
beforeAll(async () => {
  studio = await openTeamsStudio()
})
afterAll(() => studio?.close())

describe('what Teams is sent fits its limits and a phone, and is kept as a picture', () => {
  test.each(Object.entries({ ...messages, ...windows }))('%s', async (name, sent) => {
    const all = there(sent)
    expect(all).not.toEqual({})
    expect(await studio.messages(name, all)).toEqual([])
  })
})

test('what a browser shows of text from outside is that text, and of a moment of ours the time there', async () => {
  const text = `  {{DATE(2026-12-02T10:00:00Z, SHORT)}}  ${hostile} <at>Bob</at> [x](https://evil.test) <b>b</b> {{{TIME(2026-12-02T10:00:00Z)}}`
  const shown = revealLine(text)
  const { card } = tellingOf({
    summary: 'x',
    passages: [
      { line: say`says ${outside(text, 1_000)}.` },
      { lines: [shown, '  a   b'] },
      { quote: shown },
      { note: say`at ${onDay('2026-12-02T10:00:00Z')}` },
    ],
  })
  const drawn = (await studio.textOf(card)).replaceAll('\u00a0', ' ')

  expect(drawn.split('\n').filter((line) => line !== '')).toEqual([
    `says ${shown}.`,
    shown,
    '  a   b',
    shown,
    expect.stringMatching(/^at \w{3}, Dec 2, 2026 at \d+:\d\d/),
  ])
})

test('whatever draws a message for Teams is pictured', () => {
  const missing = readdirSync('src/teams/card')
    .map((file) => readFileSync(join('src/teams/card', file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/^export function (\w+)\((?:[^)]|\n)*?\n?\): CardMessage/gm)])
    .map(([, name = '']) => name)
    .filter(
      (name) => !['messageOf', 'tellingOf', 'withoutCalls', 'withNote'].includes(name) && !(name in messages),
    )

  expect(missing).toEqual([])
})

/** Some situations have no such message. */
function there(sent: Pictured<SentToTeams | null>): Pictured<SentToTeams> {
  return Object.fromEntries(Object.entries(sent).flatMap(([name, one]) => (one ? [[name, one]] : [])))
}
