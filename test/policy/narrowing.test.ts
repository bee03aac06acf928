import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { narrowableIn, narrowedParams } from '../../src/core/narrowing.ts'
import type { Requirement } from '../../src/core/requirement.ts'
import { keptRequirement } from '../../src/policy/keptRequirement.ts'
import { narrowMarks } from '../../src/policy/narrowMarks.ts'
import { actionsYaml, bundleFiles, loaded, refused } from './files.ts'

const declare = (params: string) =>
  bundleFiles({ 'actions.yaml': `${actionsYaml}  x: {effect: read, params: ${params}}\n` })
const marksOf = (params: string) => narrowMarks(loaded(declare(params)).catalogue.get('x'))

describe('a mark on a parameter', () => {
  test.each([
    ['{a: {type: int, narrow: {min: 1}}}', [['a', { min: 1 }]]],
    ['{a: {type: int?, narrow: {min: 20}}}', [['a', { min: 20 }]]],
    ['{a: {type: {amount: {currency: EUR}}, narrow: {min: 100}}}', [['a', { min: 100 }]]],
    ['{a: {type: {list: string}, narrow: items}}', [['a', 'items']]],
    ['{a: {type: {list?: int}, narrow: items}, b: string}', [['a', 'items']]],
    ['{a: {type: {list: string}, reads: emails, narrow: items}}', [['a', 'items']]],
  ])('%s is read', (params, marks) => {
    expect(marksOf(params)).toEqual(marks)
  })

  test.each([
    ['{a: {type: int, narrow: {min: 0}}}', 'above zero'],
    ['{a: {type: int, narrow: {min: -1}}}', 'above zero'],
    ['{a: {type: int, narrow: {min: 1.5}}}', 'above zero'],
    ['{a: {type: int, narrow: {}}}', 'above zero'],
    ['{a: {type: int, narrow: {max: 5}}}', 'above zero'],
    ['{a: {type: int, narrow: {min: 1, max: 5}}}', 'above zero'],
    ['{a: {type: int, narrow: items}}', 'above zero'],
    ['{a: {type: int, narrow: true}}', 'above zero'],
    ['{a: {type: {list: string}, narrow: {min: 1}}}', 'narrow: items'],
    ['{a: {type: {list: bool}, narrow: items}}', 'only where it is an int'],
    ['{a: {type: {list: {list: int}}, narrow: items}}', 'only where it is an int'],
    ['{a: {type: string, narrow: {min: 1}}}', 'only where it is an int'],
    ['{a: {type: number, narrow: {min: 1}}}', 'only where it is an int'],
    ['{a: {type: opaque, narrow: items}}', 'only where it is an int'],
    ['{a: {type: int, sensitive: true, narrow: {min: 1}}}', 'must not be sensitive'],
  ])('%s is refused', (params, says) => {
    expect(refused(declare(params)).map(({ message }) => message)).toEqual([expect.stringContaining(says)])
  })
})

describe('what can still be lowered of what was asked', () => {
  const marks = marksOf(
    '{rows: {type: int?, narrow: {min: 5}}, to: {type: {list?: string}, narrow: items}, other: string?}',
  )
  test.each<[JsonObject, string[]]>([
    [{ rows: 6, to: ['a', 'b'] }, ['rows', 'to']],
    [{ rows: 5, to: ['a'] }, []],
    [{ rows: 4, to: [] }, []],
    [{ rows: null, to: null }, []],
    [{ rows: '6', to: 'ab' }, []],
    [{ rows: 2 ** 60, to: ['a', ['b']] }, []],
    [{}, []],
  ])('of %j', (params, names) => {
    expect([...narrowableIn(marks, params).keys()]).toEqual(names)
  })

  test('a name of every object is no parameter', () => {
    const narrowable = narrowableIn(marks, { rows: 10 })
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(narrowedParams(narrowable, { rows: 10 }, JSON.parse(`{"${name}": 1}`))).toHaveProperty(
        'problems',
      )
  })
})

describe('what is required of less', () => {
  const source = { ref: 'group:a', kind: 'group', address: 'slack:A' } as const
  const before: Requirement = {
    legs: [{ name: 'a', from: [source], count: 2 }],
    denyCount: 1,
    expiresInSeconds: 600,
    grant: { withinSeconds: 900, ttlSeconds: 60, uses: 1 },
    notify: { channels: ['slack:C1'], remindAfterSeconds: [] },
    reason: { minLength: 20, patterns: [] },
    confirm: ['250000'],
    escalate: [],
    stepUp: false,
    breakGlass: {
      who: [source],
      reason: { minLength: 1, patterns: [] },
      stepUp: false,
      grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
      notify: [],
      reviewWithinSeconds: 60,
    },
  }

  test('is what was required where policy asks nobody', () => {
    expect(keptRequirement(before, null)).toBe(before)
  })
  test('is what policy asks, where that is the same', () => {
    const now = structuredClone(before)
    expect(keptRequirement(before, now)).toBe(before)
  })
  test('is at least both elsewhere; a text to type is the new one, a path of emergency only one of both', () => {
    const now: Requirement = {
      ...before,
      legs: [{ name: 'b', from: [source], count: 1 }],
      expiresInSeconds: 3_600,
      grant: { withinSeconds: 60, ttlSeconds: 180, uses: 1 },
      reason: null,
      confirm: ['500'],
    }
    expect(keptRequirement(before, now)).toMatchObject({
      legs: [{ count: 2 }],
      expiresInSeconds: 600,
      grant: { withinSeconds: 60, ttlSeconds: 60 },
      reason: { minLength: 20 },
      confirm: ['500'],
      breakGlass: before.breakGlass,
    })
    expect(keptRequirement(before, { ...now, confirm: [], breakGlass: null })).toMatchObject({
      confirm: ['250000'],
      breakGlass: null,
    })
  })
  test('no path of emergency that people were not asked by before, nor a wider one', () => {
    const { breakGlass } = before
    if (!breakGlass) throw new Error('it has a path')
    const wider = { ...breakGlass, who: [...breakGlass.who, { ...source, address: 'slack:S0OTHER' }] }
    expect(keptRequirement({ ...before, breakGlass: null }, before).breakGlass).toBeNull()
    expect(keptRequirement(before, { ...before, breakGlass: wider }).breakGlass).toBeNull()
  })
})
