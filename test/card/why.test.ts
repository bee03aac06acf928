import { expect, test } from 'vitest'
import { whyPassages } from '../../src/card/grounds.ts'
import { whyOf } from '../../src/card/why.ts'
import { exportWith } from './situationParts.ts'
import { written } from './written.ts'

const why = 'The agent saw another definition of this tool than the one that was reviewed: it counts as new.'

test('people are told why a tool counts as new, on the card and where they ask why', () => {
  const told = exportWith({ judged: { facts: { unread: [{ param: 'digest', why, tool: true }] } } })
  const said = [written(whyOf(told)), written(whyPassages(told))]

  expect(said.map((one) => one.includes(why))).toEqual([true, true])
  expect(said.join()).not.toContain('was not understood')
})
