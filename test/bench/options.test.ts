import { expect, test } from 'vitest'
import { figureNames } from '../../bench/list.ts'
import { readOptions } from '../../bench/options.ts'

test('without a name every figure is measured, and nothing is profiled', () => {
  expect(readOptions([])).toEqual({
    figures: figureNames,
    profile: false,
    seconds: 8,
    agents: 50,
    stored: 1_000_000,
    requests: 50_000,
    entries: 1_000_000,
    data: null,
  })
})

test('what is named is measured, in the order of the list, once', () => {
  expect(readOptions(['memory', 'allowed', 'memory', '--seconds', '3'])).toMatchObject({
    figures: ['allowed', 'memory'],
    profile: false,
    seconds: 3,
  })
})

test('the profile alone measures no figure', () => {
  expect(readOptions(['profile'])).toMatchObject({ figures: [], profile: true })
})

test('help names every figure and every option, and is no failure', () => {
  const told = readOptions(['--help'])

  if (!('say' in told)) throw new Error('nothing was said')
  expect(told.code).toBe(0)
  for (const name of [...figureNames, 'profile']) expect(told.say).toMatch(new RegExp(`^  ${name} `, 'm'))
  for (const name of ['seconds', 'agents', 'stored', 'requests', 'entries', 'help'])
    expect(told.say).toMatch(new RegExp(`^  --${name} `, 'm'))
})

test.each([
  [['speed'], 'There is no figure "speed".'],
  [['constructor'], 'There is no figure "constructor".'],
  [['--seconds', '0'], '--seconds is a whole number from 1 to 120.'],
  [['--seconds', '1.5'], '--seconds is a whole number from 1 to 120.'],
  [['--agents', 'many'], '--agents is a whole number from 1 to 200.'],
  [['--stored', '10'], '--stored is a whole number from 10000 to 10000000.'],
  [['--requests', '-1'], '--requests'],
  [['--entries', '99'], '--entries is a whole number from 10000 to 10000000.'],
  [['--fast'], '--fast'],
])('%j is refused, and the help follows', (args, why) => {
  const told = readOptions(args)

  if (!('say' in told)) throw new Error('it was taken')
  expect(told.code).toBe(2)
  expect(told.say.split('\n')[0]).toContain(why)
  expect(told.say).toContain('npm run bench -- [NAME ...]')
})
