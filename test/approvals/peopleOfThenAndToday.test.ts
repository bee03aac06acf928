import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { type PersonId, samePerson } from '../../src/core/identity.ts'
import { quorum } from '../../src/core/quorum.ts'
import type { CurrentRequest } from '../../src/core/request.ts'
import { roleBehind } from '../../src/core/separation.ts'
import { standing } from '../../src/core/standing.ts'
import { standIn } from '../../src/policyTools/standIn.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { personOfToday, requestOfToday } from '../support/people.ts'

const record = exportRequest({})
const current = requestOfToday(record)
const then: PersonId = 'per_bob'
const today = personOfToday('per_bob')

/** Each line marked so is one that `tsc` refuses; were it to compile, the mark itself would be the error. */
describe('the compiler keeps people of then and people of today apart', () => {
  test('what shows people of today cannot be written, nor anything that is made of it', () => {
    const written: Change = { request: { expected: 1, next: record }, entries: [] }
    // @ts-expect-error a request with people of today is no record
    const shown: Change = { request: { expected: 1, next: current }, entries: [] }
    // @ts-expect-error nor is a later version of it
    const later: Change = { request: { expected: 1, next: { ...current, version: 2 } }, entries: [] }

    expect([written, shown, later]).toHaveLength(3)
  })

  test('what counts, compares or bars people takes no record', () => {
    expect(roleBehind(today, current.behind)).toBeNull()
    expect(samePerson(today, today)).toBe(true)
    // @ts-expect-error the people of a record
    roleBehind(today, record.behind)
    // @ts-expect-error somebody of then
    roleBehind(then, record.behind)
    // @ts-expect-error the votes of a record
    standing(record)
    // @ts-expect-error somebody of then
    quorum([], [{ person: then, legs: [] }])
    // @ts-expect-error somebody of then
    samePerson(today, then)
    // @ts-expect-error a name in a policy is nobody of today
    samePerson(today, standIn('user:bob'))
    // @ts-expect-error a record is not shown
    const shown: CurrentRequest = record

    expect(shown).toBe(record)
  })

  test('whoever is known today may be written down', () => {
    const person: PersonId = today
    expect(person).toBe(then)
  })
})

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('store/prisma/'))
  .map((path) => ({ path, text: readFileSync(join('src', path), 'utf8') }))

/** Where these words stand in `src`, comments apart. */
function whereIs(words: RegExp, among: readonly { readonly path: string; readonly text: string }[] = files) {
  return among
    .filter(({ text }) => words.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
    .map(({ path }) => path)
    .sort()
}

const madeToday = /\bas\s+(unknown\s+as\s+)?Current(Person|Request)\b/
const madeUp = /\bas\s+(unknown\s+as\s+)?(StandIn|Comparable)\b/
/** A person beside a sign of equality, which would take one of then as well. */
const compared =
  /\.(person|owner|createdBy)\s*[!=]==|[!=]==\s*\(?[\w.?]*\.(person|owner|createdBy)\b|actor\.id\s*[!=]==|[!=]==\s*[\w.]*actor\.id\b/

describe('people of today come from one place', () => {
  test('only one file says who somebody is today', () => {
    expect(whereIs(madeToday)).toEqual(['approvals/people/currentPeople.ts'])
  })

  test('names stand in for people only in the tools for policies', () => {
    expect(whereIs(madeUp)).toEqual(['policyTools/standIn.ts'])
    expect(whereIs(/from '.*\/standIn\.ts'/).filter((path) => !path.startsWith('policyTools/'))).toEqual([])
  })

  test('people are compared by `samePerson`, which takes nobody of then', () => {
    // Evidence tells what the record says: it knows people by their ids of then, and nobody is judged by it.
    const elsewhere = /^(policy|policyTools|sandbox|evidence)\//
    const found = whereIs(compared).filter((path) => !elsewhere.test(path))
    expect(found).toEqual([])
  })

  test.each([
    ['const person = row.person as CurrentPerson', madeToday],
    ['const request = found as unknown as CurrentRequest', madeToday],
    ['const person = name as StandIn', madeUp],
    ['if (agent.owner !== person) return', compared],
    ['return decisions.find((one) => one.person === id)', compared],
    ['const mine = person === decision.person', compared],
    ['return all.find((one) => one.account === entry.actor.account && id === entry.actor.id)', compared],
  ])('control: %s is found', (text, words) => {
    expect(whereIs(words, [{ path: 'x.ts', text }])).toEqual(['x.ts'])
    expect(whereIs(words, [{ path: 'x.ts', text: `// ${text}` }])).toEqual([])
  })
})
