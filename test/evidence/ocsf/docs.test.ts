import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type OcsfLine, ocsfLines } from '../../../src/evidence/ocsf/lines.ts'
import { activityName, type ClassName, classes, dispositions } from '../../../src/evidence/ocsf/words.ts'

const page = readFileSync('docs/formats.md', 'utf8')

function activityOf(of: ClassName, activity: number | string): string {
  const { uid } = classes[of]
  return typeof activity === 'number'
    ? `${uid}/${activity} ${activityName(of, activity)}`
    : `${uid}/99 ${activity}`
}

function rowOf(type: string, line: OcsfLine, when: string | null): string {
  const { severity, status = '', control } = line
  const told = [
    activityOf(line.class, line.activity),
    ...(line.user === undefined ? [] : [`from 1.9.0 on ${activityOf('user', line.user)}`]),
  ]
  const of = when === null ? `\`${type}\`` : `\`${type}\`, ${when}`
  const { action, disposition } = control ? dispositions[control] : { action: null, disposition: null }
  const done = action ? `${action[1]}, ${disposition[1]}` : ''
  return `| ${of} | ${told.join('; ')} | ${severity} | ${status} | ${done} |`
}

test('the page has each kind of entry, as it is told', () => {
  const rows = Object.entries(ocsfLines).flatMap(([type, told]) =>
    'of' in told ? told.lines.map(({ when, line }) => rowOf(type, line, when)) : [rowOf(type, told, null)],
  )
  const section = page.slice(page.indexOf('## OCSF'))
  const shown = section.split('\n').filter((line) => /^\| `[a-z]+\.[a-z]+`/.test(line))

  expect(shown).toEqual(rows)
})
