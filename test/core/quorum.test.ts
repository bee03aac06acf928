import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agreement, quorum, type Seats } from '../../src/core/quorum.ts'
import { personOfToday } from '../support/people.ts'

const security: Seats = { name: 'security', count: 1 }
const owner: Seats = { name: 'owner', count: 1 }

describe('two-hats: one person fills one seat', () => {
  test('even when they belong to two legs', () => {
    const { met, filled } = quorum(
      [security, owner],
      [{ person: personOfToday('priya'), legs: ['security', 'owner'] }],
    )
    expect(met).toBe(false)
    expect([...filled.values()].flat()).toEqual(['priya'])
  })

  test('and even when they agree twice', () => {
    const twice: Agreement[] = [
      { person: personOfToday('priya'), legs: ['security'] },
      { person: personOfToday('priya'), legs: ['security'] },
    ]
    expect(quorum([{ name: 'security', count: 2 }], twice).met).toBe(false)
  })

  test('control: two people with the same two hats fill both', () => {
    const both: Agreement[] = [
      { person: personOfToday('priya'), legs: ['security', 'owner'] },
      { person: personOfToday('bob'), legs: ['security', 'owner'] },
    ]
    expect(quorum([security, owner], both).met).toBe(true)
  })
})

test('the first agreement moves over when a later one can only sit in its seat', () => {
  const { met, filled } = quorum(
    [owner, security],
    [
      { person: personOfToday('priya'), legs: ['owner', 'security'] },
      { person: personOfToday('omar'), legs: ['owner'] },
    ],
  )
  expect(met).toBe(true)
  expect(filled).toEqual(
    new Map([
      ['owner', ['omar']],
      ['security', ['priya']],
    ]),
  )
})

test('a requirement without seats is never met', () => {
  expect(quorum([], [{ person: personOfToday('bob'), legs: [] }]).met).toBe(false)
})

const legs = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 1, max: 3 }) }),
  {
    selector: (leg) => leg.name,
    minLength: 1,
  },
)
const agreements = fc.uniqueArray(
  fc.record({
    person: fc.constantFrom(...['p', 'q', 'r', 's', 't'].map(personOfToday)),
    legs: fc.subarray(['a', 'b', 'c']),
  }),
  { selector: (agreement) => agreement.person },
)

test('the order of agreements does not matter, and it is as good as trying every seating', () => {
  fc.assert(
    fc.property(legs, agreements, (seats, people) => {
      const met = quorum(seats, people).met
      expect(quorum(seats, [...people].reverse()).met).toBe(met)
      expect(met).toBe(
        someSeatingFills(
          seats.flatMap((leg) => Array<string>(leg.count).fill(leg.name)),
          people,
        ),
      )
    }),
    { numRuns: 300 },
  )
})

test('nobody sits in a leg they do not belong to, and nobody sits twice', () => {
  fc.assert(
    fc.property(legs, agreements, (seats, people) => {
      const sitting = [...quorum(seats, people).filled].flatMap(([leg, ids]) =>
        ids.map((id) => [leg, id] as const),
      )
      for (const [leg, id] of sitting) expect(people.find((one) => one.person === id)?.legs).toContain(leg)
      expect(new Set(sitting.map(([, id]) => id)).size).toBe(sitting.length)
    }),
  )
})

function someSeatingFills(seats: readonly string[], people: readonly Agreement[]): boolean {
  const [seat, ...rest] = seats
  if (seat === undefined) return true
  return people.some(
    (one) =>
      one.legs.includes(seat) &&
      someSeatingFills(
        rest,
        people.filter((other) => other !== one),
      ),
  )
}
