import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Leg } from '../../../src/core/requirement.ts'
import { atLeastAsStrict } from '../../../src/policyTools/simulation/strictLegs.ts'

describe('legs', () => {
  const leg = fc
    .record({
      from: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
      count: fc.integer({ min: 1, max: 2 }),
    })
    .map(
      ({ from, count }): Leg => ({
        name: from.join(),
        count,
        from: from.map((ref) => ({ ref, kind: 'group', address: ref })),
      }),
    )
  const legs = fc.array(leg, { maxLength: 3 })

  test('are as strict as themselves, and stricter with one more', () => {
    fc.assert(
      fc.property(legs, leg, (some, more) => {
        expect(atLeastAsStrict(some, some)).toBe(true)
        expect(atLeastAsStrict([...some, more], some)).toBe(true)
      }),
    )
  })

  test('that are as strict as others cannot be filled without filling those', () => {
    const groups = { a: [1, 2, 3], b: [3, 4, 5], c: [5, 6, 1] }
    const isFilled = (all: readonly Leg[], people: readonly number[]): boolean => {
      const seats = all.flatMap(({ from, count }) =>
        Array.from({ length: count }, () => from.map(({ ref }) => ref)),
      )
      const place = (left: readonly number[], [seat, ...rest]: readonly string[][]): boolean =>
        seat === undefined ||
        left.some(
          (person) =>
            seat.some((ref) => groups[ref as keyof typeof groups].includes(person)) &&
            place(
              left.filter((other) => other !== person),
              rest,
            ),
        )
      return place(people, seats)
    }
    fc.assert(
      fc.property(legs, legs, fc.subarray([1, 2, 3, 4, 5, 6]), (strict, other, people) => {
        fc.pre(atLeastAsStrict(strict, other) && isFilled(strict, people))
        expect(isFilled(other, people)).toBe(true)
      }),
    )
  })
})
