import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busyHouse } from './pictures/busyHouse.ts'
import { cardsOfSeveral } from './pictures/cardsOfSeveral.ts'
import { fullHouse } from './pictures/fullHouse.ts'
import { messages } from './pictures/messages.ts'
import { quietHouse } from './pictures/quietHouse.ts'
import { said } from './pictures/said.ts'
import { openStudio, type Pictured, type Sent, type Studio } from './pictures/studio.ts'
import { windows } from './pictures/windows.ts'

let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
})
afterAll(() => studio?.close())

/** Companies that do things, with the real code behind the local Slack. */
const houses = { quietHouse, busyHouse, fullHouse, cardsOfSeveral }

describe('what Slack is sent fits its limits and a phone, and is kept as a picture', () => {
  test.each(Object.entries({ ...messages, ...said }))('messages of %s', async (name, sent) => {
    const all = there(sent)
    expect(all).not.toEqual({})
    expect(await studio.messages(name, all)).toEqual([])
  })

  test.each(Object.entries(windows))('windows of %s', async (name, opened) => {
    expect(await studio.windows(name, opened)).toEqual([])
  })

  test.each(Object.entries(houses))('what people see: %s', async (name, play) => {
    const { messages, windows, homes } = await play()

    expect(await studio.messages(name, messages)).toEqual([])
    expect(await studio.windows(`${name}, windows`, windows)).toEqual([])
    expect(await studio.homes(`${name}, homes`, homes)).toEqual([])
    if (play === quietHouse) expect(untyped(messages, windows)).toEqual([])
  })
})

/** The commands of the help that nobody has typed. */
function untyped(messages: Pictured<Sent>, windows: Pictured<unknown>): readonly string[] {
  const help = messages['U0BOB types help']?.text ?? ''
  const commands = [...help.matchAll(/`\/approvals (\w+)/g)].map(([, word = '']) => word)
  expect(commands).toContain('history')
  const typed = [...Object.keys(messages), ...Object.keys(windows)]
  return commands.filter((word) => !typed.some((name) => `${name} `.includes(` types ${word} `)))
}

/** Made of what only a running server has: houses have pictures of them. */
const elsewhere = ['makeListing', 'makeListPage', 'makeHistoryList', 'makeRequestModal', 'dryRunWindow']

test('whatever draws a message or a window is pictured, or is named as an exception', () => {
  const pictured = [...Object.keys(messages), ...Object.keys(windows), ...elsewhere]

  const missing = ['src/slack/card', 'src/slack/windows']
    .flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')))
    .flatMap((source) => [
      ...source.matchAll(
        /^export (?:async )?function (\w+)\((?:[^)]|\n)*?\n?\): (?:Promise<)?(?:CardMessage|ModalView)/gm,
      ),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !pictured.includes(name))

  expect(missing).toEqual([])
})

/** Some situations have no such message. */
function there<T>(sent: Pictured<T | null>): Pictured<T> {
  return Object.fromEntries(Object.entries(sent).flatMap(([name, one]) => (one ? [[name, one]] : [])))
}
