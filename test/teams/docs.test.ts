import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { looks } from '../../src/channels/lookLimit.ts'
import { toldAtOnce, triedFor } from '../../src/channels/tellEach.ts'
import { addTeamsCommands } from '../../src/cli/teamsCommands.ts'
import { configKeys } from '../../src/server/config.ts'
import { publicServices } from '../../src/teams/access.ts'
import { slowAfter } from '../../src/teams/app.ts'
import { largestMessage } from '../../src/teams/card/size.ts'
import { readingWords } from '../../src/teams/inbound/asked.ts'
import { keyLimits } from '../../src/teams/inbound/keys.ts'
import { answerWithin, bodyLimit } from '../../src/teams/inbound/receiver.ts'
import { mostAge } from '../../src/teams/inbound/verify.ts'
import { directoryCacheSeconds } from '../../src/teams/outbound/directory.ts'
import { teamsLimits } from '../../src/teams/outbound/pace.ts'
import { refusalFixes } from '../../src/teams/outbound/refusals.ts'
import { longestWaitSeconds } from '../../src/teams/outbound/retryAfter.ts'
import { manifestOf } from '../../src/teams/package/manifest.ts'

const docs = readFileSync('docs/teams.md', 'utf8')
const doctor = readFileSync('src/teams/doctor.ts', 'utf8')

const inWords: Readonly<Record<string, number>> = { two: 2, six: 6 }

/** Rows of the table below a heading, cell by cell, without their marks. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = docs.split(new RegExp(`^#+ ${heading}$`, 'm'))
  const [text = ''] = section.split(/^#+ /m)
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| *\|? *-/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

describe('docs/teams.md', () => {
  test('names every setting, and no other', () => {
    const named = new Set([...docs.matchAll(/\bTEAMS_[A-Z_]+\b/g)].map(([key]) => key))

    expect([...named].sort()).toEqual(configKeys.filter((key) => key.startsWith('TEAMS_')).sort())
  })

  test('has the addresses of the public cloud', () => {
    const rows = new Map(rowsBelow('National clouds').map(([key = '', value]) => [key, value]))

    expect(rows.get('TEAMS_SERVICE_URL')).toBe(publicServices.connector)
    expect(rows.get('TEAMS_LOGIN_URL')).toBe(publicServices.login)
    expect(rows.get('TEAMS_GRAPH_URL')).toBe(publicServices.graph)
    expect(rows.get('TEAMS_KEYS_URL')).toBe(publicServices.keys)
    expect(rows.get('TEAMS_ISSUER')).toBe(publicServices.issuer)
  })

  test('has the seconds for which an answer of Graph is believed', () => {
    const ages = rowsBelow('How fresh its knowledge is').map(([, age = '']) => Number.parseInt(age, 10))
    const { users, groups, emails } = directoryCacheSeconds

    expect(ages.slice(1, 4)).toEqual([users, groups, emails])
  })

  test('has every word that is read, as the app offers them', () => {
    const words = rowsBelow('Words')
      .slice(1)
      .map(([word = '']) => word.split(' ')[0])
    const { bots } = manifestOf({
      ...{ bot: 'x', name: 'x', version: '1.0.0' },
      developer: { name: 'x', website: 'x', privacy: 'x', terms: 'x' },
    })
    const offered = bots[0]?.commandLists[0]?.commands.map(({ title }) => title)

    expect(words).toEqual([...readingWords])
    expect(offered).toEqual([...readingWords])
  })

  test('names refusals of Entra that the log names', () => {
    const named = new Set([...docs.matchAll(/\bAADSTS\d+\b/g)].map(([code]) => code))

    expect([...named].filter((code) => !(code in refusalFixes))).toEqual([])
    expect(named.size).toBeGreaterThan(3)
  })

  test('names what doctor finds as doctor names it', () => {
    const found = [...docs.matchAll(/doctor: \*(?:…|(.+?) …)/g)].flatMap(([, name]) => name ?? [])

    expect(found).toEqual(['Graph User.Read.All', 'Teams channel'])
    for (const name of ['Graph ', 'Teams channel']) expect(doctor).toContain(name)
  })

  test('has the options of the command that makes the package', () => {
    const program = new Command()
    addTeamsCommands(program, () => async () => {})
    const [made] = program.commands[0]?.commands ?? []
    const options = made?.options.flatMap(({ long }) => long ?? []) ?? []

    expect(made?.name()).toBe('package')
    expect(options.filter((option) => !docs.includes(`\`${option}`))).toEqual([])
  })

  test('says how old keys, and what was done, may be', () => {
    const rows = new Map(rowsBelow('How fresh its knowledge is').map(([what = '', age = '']) => [what, age]))
    const { fresh, kept } = keyLimits

    expect(rows.get('the keys by which Teams signs')).toContain(`${fresh / 60_000} minutes, and while nobody`)
    expect(rows.get('the keys by which Teams signs')).toContain(`publishes them, ${kept / 3_600_000} hours;`)
    expect(rows.get('a press, a window, a message')).toMatch(new RegExp(`^${mostAge / 60_000} minutes,`))
  })

  test.each([
    ['bytes of a card', /A card is at most ([\d,]+) bytes/, largestMessage],
    ['KiB of a delivery', /A delivery is at most (\d+) KiB/, bodyLimit / 1_024],
    ['seconds of a delivery', /answered within (\S+) seconds/, answerWithin / 1_000],
    ['seconds of a decision', /takes more than (\w+) is queued/, slowAfter / 1_000],
    ['calls at once', /at most (\w+) calls at once/, teamsLimits.burst],
    ['seconds of a call', /calls at once and then one in (\w+) seconds/, 1 / teamsLimits.perConversation],
    ['minutes for which we wait', /as long as it says, at most (\d+) minutes/, longestWaitSeconds / 60],
    ['minutes without a token', /that it named, at most (\d+) minutes/, longestWaitSeconds / 60],
    ['answers at once', /has (\d+) answers to words/, looks.burst],
    ['seconds of an answer', /to words at once and then one in (\w+) seconds/, 1 / looks.perSecond],
    ['people at once', /is told (\d+) people at a time/, toldAtOnce],
    ['seconds of an alarm', /tried again for up to (\d+) seconds/, triedFor / 1_000],
  ])('has the limit of %s', (_, said, limit) => {
    const [, word = ''] = said.exec(docs) ?? []

    expect(inWords[word] ?? Number(word.replaceAll(',', ''))).toBe(limit)
  })
})
