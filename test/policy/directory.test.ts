import { describe, expect, test } from 'vitest'
import { userAddress } from '../../src/policy/format/directoryKeys.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

/* What a name of the directory stands for where there are two channels (docs/policy.md#bundleyaml). */

const object = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'
const conversation = '19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2'

describe('keys of Entra and Teams', () => {
  test('stand for a group, a person and a channel; ids of objects are the same in any case', () => {
    const { people, channels } = withLines(
      `group:x: {entra_group: ${object.toUpperCase()}}`,
      `user:x: {entra_user: ${object}}`,
      `channel:x: {teams_channel: "${conversation}"}`,
    )

    expect(people.get('group:x')).toEqual({ ref: 'group:x', kind: 'group', address: `teams:${object}` })
    expect(people.get('user:x')).toEqual({ ref: 'user:x', kind: 'account', address: `teams:${object}` })
    expect(channels.get('channel:x')).toEqual([`teams:${conversation}`])
  })

  test.each([
    ['user:x: {entra_group: GUID}', 'must be'],
    ['group:x: {entra_group: security}', 'must be'],
    ['channel:x: {teams_channel: general}', 'must be'],
    ['channel:x: {teams_channel: "a:1b4e28ba"}', 'must be'],
    ['group:x: {entra_group: GUID, slack_workspace: T0EMEA}', 'leave it out'],
    ['user:x: {entra_user: GUID, authority: entra}', 'leave it out'],
    ['channel:x: {slack_channel: C1, authority: slack}', 'leave it out'],
  ])('refuses %s', (line, says) => {
    const [problem] = refusedLine(line.replace('GUID', object))

    expect(problem).toMatchObject({ code: 'schema/value', message: expect.stringContaining(says) })
  })
})

describe('a name in two directories', () => {
  const both = `slack_usergroup: S0SEC, entra_group: ${object}`

  test('needs the one that says who is in the group', () => {
    const says = 'say whose people count, with `authority: slack or entra`'

    expect(refusedLine(`group:x: {${both}}`)[0]?.message).toContain(says)
    expect(refusedLine(`group:x: {${both}, authority: pagerduty}`)[0]?.message).toContain(says)
  })

  test('is judged by Entra and mentioned in Slack', () => {
    const { people } = withLines(`group:x: {${both}, authority: entra}`)

    expect(people.get('group:x')).toEqual({
      ref: 'group:x',
      kind: 'group',
      address: `teams:${object}`,
      mention: 'slack:S0SEC',
    })
  })

  test('is refused where the key of the other directory would do nothing', () => {
    expect(refusedLine(`group:x: {${both}, authority: slack}`)[0]?.message).toContain(
      'entra_group would do nothing',
    )
  })

  test('may say so where only one says who is in it', () => {
    const { people } = withLines('group:x: {slack_usergroup: S0SEC, authority: slack}')

    expect(people.get('group:x')).toEqual({ ref: 'group:x', kind: 'group', address: 'slack:S0SEC' })
    expect(refusedLine('group:x: {slack_usergroup: S0SEC, authority: entra}')[0]?.message).toContain(
      '`authority: slack`',
    )
  })

  test('is no person: one account stands for them, and the others are linked to it', () => {
    const [problem] = refusedLine(`user:x: {slack_user: U0X, entra_user: ${object}}`)

    expect(problem?.message).toContain("link the person's other account")
  })

  test('is a channel in both: what is asked there is announced in both', () => {
    const both = `slack_channel: C0APPR, teams_channel: "${conversation}"}`
    const bundle = loaded(bundleFiles(swap('slack_channel: C0APPR}', both)))

    expect(bundle.defaults.channels).toEqual(['slack:C0APPR', `teams:${conversation}`])
  })
})

const swap = (from: string, to: string) => ({ 'bundle.yaml': bundleYaml.replace(from, to) })

function withLines(...lines: readonly string[]) {
  return loaded(bundleFiles(swap('directory:\n', `directory:\n  ${lines.join('\n  ')}\n`)))
}

function refusedLine(line: string) {
  return refused(bundleFiles(swap('directory:\n', `directory:\n  ${line}\n`)))
}

test('people of a test may be named by an object id', () => {
  const { people } = withLines(`user:x: {entra_user: ${object}}`)

  expect(userAddress(object.toUpperCase())).toBe(people.get('user:x')?.address)
  expect(userAddress('U0OMAR')).toBe('slack:U0OMAR')
  expect(userAddress('a stand-in')).toBe('slack:a stand-in')
})
