import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { addTeamsCommands } from '../../src/cli/teamsCommands.ts'
import { configKeys } from '../../src/server/config.ts'
import { publicServices } from '../../src/teams/access.ts'
import { readingWords } from '../../src/teams/inbound/asked.ts'
import { answerWithin } from '../../src/teams/inbound/receiver.ts'
import { directoryCacheSeconds } from '../../src/teams/outbound/directory.ts'
import { refusalFixes } from '../../src/teams/outbound/refusals.ts'
import { manifestOf } from '../../src/teams/package/manifest.ts'

const docs = readFileSync('docs/teams.md', 'utf8')
const doctor = readFileSync('src/teams/doctor.ts', 'utf8')

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

  test('says how long a delivery may take', () => {
    expect(/answered within (\S+) seconds/.exec(docs)?.[1]).toBe(String(answerWithin / 1_000))
  })
})
