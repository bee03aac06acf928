import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from './pictures/teamsMessages.ts'
import { openTeamsStudio, type Pictured, type SentToTeams, type TeamsStudio } from './pictures/teamsStudio.ts'

let studio: TeamsStudio
beforeAll(async () => {
  studio = await openTeamsStudio()
})
afterAll(() => studio?.close())

describe('what Teams is sent fits its limits and a phone, and is kept as a picture', () => {
  test.each(Object.entries(messages))('messages of %s', async (name, sent) => {
    const all = there(sent)
    expect(all).not.toEqual({})
    expect(await studio.messages(name, all)).toEqual([])
  })
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
