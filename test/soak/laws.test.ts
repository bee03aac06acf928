import { describe, expect, test } from 'vitest'
import { judge, laws } from '../../bench/soak/laws.ts'
import { brokenMachines } from './brokenMachines.ts'
import { brokenPromises } from './brokenPromises.ts'
import { innocent } from './innocent.ts'
import { calm } from './made.ts'

const violations = { ...brokenPromises, ...brokenMachines }

test('evidence in which nothing is wrong breaks no law', () => {
  expect(judge(calm()).filter(({ findings }) => findings.length > 0)).toEqual([])
})

test('for every law there is a violation that it has to find', () => {
  expect(Object.keys(violations).sort()).toEqual(Object.keys(laws).sort())
})

describe.each(Object.entries(violations))('%s', (law, cases) => {
  test.each(Object.entries(cases))('finds it when %s', (_, change) => {
    const evidence = calm()

    const findings = laws[law]?.({ ...evidence, ...change(evidence) })

    expect(findings?.length).toBeGreaterThan(0)
  })
})

describe.each(Object.entries(innocent))('%s', (law, cases) => {
  test.each(Object.entries(cases))('is not broken when %s', (_, change) => {
    const evidence = calm()

    expect(laws[law]?.({ ...evidence, ...change(evidence) })).toEqual([])
  })
})
