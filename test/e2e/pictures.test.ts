import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from './pictures/messages.ts'
import { openStudio, type Pictured, type Studio } from './pictures/studio.ts'
import { windows } from './pictures/windows.ts'

let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
})
afterAll(() => studio?.close())

describe('what Slack is sent fits its limits and a phone, and is kept as a picture', () => {
  test.each(Object.entries(messages))('messages of %s', async (name, sent) => {
    expect(await studio.messages(name, there(sent))).toEqual([])
  })

  test.each(Object.entries(windows))('windows of %s', async (name, opened) => {
    expect(await studio.windows(name, opened)).toEqual([])
  })
})

/** Made of what only a running server has; other browser tests look at them. */
const elsewhere = ['makeListing', 'makeListPage', 'makeHistoryList', 'makeRequestModal', 'dryRunWindow']
const byVerb = /^(approve|deny|withdraw|escalate|glass|review|changes|question|answer|narrow\w*)(All)?Form$/

test('no message and no window is without a picture', () => {
  const pictured = [...Object.keys(messages), ...Object.keys(windows), ...elsewhere]

  const missing = ['src/slack/card', 'src/slack/windows']
    .flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')))
    .flatMap((source) => [
      ...source.matchAll(
        /^export (?:async )?function (\w+)\((?:[^)]|\n)*?\n?\): (?:Promise<)?(?:CardMessage|ModalView)/gm,
      ),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !pictured.includes(name) && !byVerb.test(name))

  expect(missing).toEqual([])
})

/** Some situations have no such message. */
function there<T>(sent: Pictured<T | null>): Pictured<T> {
  return Object.fromEntries(Object.entries(sent).flatMap(([name, one]) => (one ? [[name, one]] : [])))
}
