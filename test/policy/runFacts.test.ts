import { expect, test } from 'vitest'
import type { Facts } from '../../src/policy/facts.ts'
import { bundleLimits } from '../../src/policy/limits.ts'
import { type EarlierRead, runFactsFrom } from '../../src/policy/runFacts.ts'
import { bundleFiles, loaded } from './files.ts'

const { inventory } = loaded(
  bundleFiles({
    'resources.yaml': `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: erased}, sensitivity: secret, labels: {team: hr}}
`,
  }),
)
const read = (
  id: string,
  sensitivity: Facts['resource']['sensitivity'],
  more: { at?: string; labels?: Record<string, string>; resources?: Facts['resources'] } = {},
): EarlierRead => {
  const { at = '2026-11-24T14:00:00.000Z', labels = {}, resources } = more
  const resource = { sensitivity, labels }
  return {
    request: `req_${id}`,
    at,
    resource: { type: 'table', id },
    facts: { at, environment: 'prod', resource, agent: { id: 'agt_1' }, ...(resources && { resources }) },
  }
}

test('of a run that has read nothing, nothing is told', () => {
  expect(runFactsFrom([], { inventory, of: 'agent' })).toEqual({ sensitivities: [], labels: [], of: 'agent' })
})

test('everything that the inventory said of it then counts, the most sensitive first', () => {
  const facts = runFactsFrom(
    [
      read('a', 'internal', { labels: { team: 'data' } }),
      read('b', 'restricted', { labels: { team: 'data', contains: 'personal-data' } }),
      read('c', 'unknown', {
        resources: { lake: { type: 'bucket', id: 'x', sensitivity: 'secret', labels: { zone: 'red' } } },
      }),
    ],
    { inventory },
  )

  expect(facts).toMatchObject({
    sensitivities: ['secret', 'restricted', 'unknown', 'internal'],
    labels: ['contains=personal-data', 'team=data', 'zone=red'],
  })
  expect(facts?.reads?.map(({ id, sensitivity }) => [id, sensitivity])).toEqual([
    ['c', 'secret'],
    ['b', 'restricted'],
    ['a', 'internal'],
  ])
})

test('each resource is named once, by its newest read, and five at most', () => {
  const older = read('a', 'restricted', { at: '2026-11-24T13:00:00.000Z' })
  const facts = runFactsFrom(
    [older, read('a', 'restricted'), ...['b', 'c', 'd', 'e', 'f'].map((id) => read(id, 'public'))],
    { inventory },
  )

  expect(facts?.reads).toHaveLength(5)
  expect(facts?.reads?.[0]).toMatchObject({ id: 'a', at: '2026-11-24T14:00:00.000Z' })
})

test('what was erased since counts as what its resource is now', () => {
  const erased = { ...read('erased', 'public'), facts: null }

  expect(runFactsFrom([erased], { inventory })).toMatchObject({
    sensitivities: ['secret'],
    labels: ['team=hr'],
  })
  expect(runFactsFrom([{ ...erased, resource: { type: 'table', id: 'x' } }], { inventory })).toMatchObject({
    sensitivities: ['unknown'],
  })
})

test('of more labels than conditions can look at, nothing is known', () => {
  const labelled = (count: number) =>
    Array.from({ length: count }, (_, nth) => read(`t${nth}`, 'public', { labels: { n: `${nth}` } }))

  expect(runFactsFrom(labelled(bundleLimits.runLabels), { inventory })?.labels).toHaveLength(
    bundleLimits.runLabels,
  )
  expect(runFactsFrom(labelled(bundleLimits.runLabels + 1), { inventory })).toBeNull()
})
