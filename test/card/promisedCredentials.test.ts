import { expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { cardContent } from '../../src/card/content.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { leaseWorld } from '../approvals/leases/leaseWorld.ts'
import { doubleTarget } from '../issuers/doubleTarget.ts'
import { ask } from '../support/world.ts'

async function promiseOf(...targets: Parameters<typeof leaseWorld>[0][number][]) {
  const world = await leaseWorld(targets)
  const request = await ask(world, 'db.export')
  const { onApproval, credentials } = cardContent(await viewOf(world.ports, request))
  return { before: JSON.stringify(onApproval), below: JSON.stringify(credentials ?? null) }
}

test('before the yes, a card says what the agent can get, what takes it back, and what it does not bind', async () => {
  const { before, below: said } = await promiseOf(doubleTarget({ doesNotBind: 'which rows it touches' }))

  expect(before).not.toContain('credential')
  expect(said).toContain('It can get a credential for ')
  expect(said).toContain('"outside":"warehouse"')
  expect(said).toContain('is ended with its last report, after ')
  expect(said).toContain('which rows it touches')
})

test('one that cannot be taken back is marked, and stands before the buttons', async () => {
  const { before: said, below } = await promiseOf(doubleTarget({ ends: 'at expiry', seconds: 900 }))

  expect(below).toBe('null')
  expect(said).toContain('15m')
  expect(said).toContain('{"sign":"warning"}')
  expect(said).toContain('nobody can take it back before')
})

test('one that only its own answer ends is said to live longer when that is lost, and the others are not', async () => {
  const { below: said } = await promiseOf(doubleTarget({ seconds: 600, longestSeconds: 3_900 }))
  const { below: others } = await promiseOf(doubleTarget({ seconds: 600 }))

  expect(said).toContain(
    'after 10m at the latest (one that is lost on its way to us, which nobody can end: 65m)',
  )
  expect(others).not.toContain('lost')
})

test('control: where no target serves the action, nothing is said of credentials', async () => {
  const { before, below } = await promiseOf(doubleTarget({ serves: () => false }))

  expect(before).not.toContain('credential')
  expect(below).toBe('null')
  expect(before).toContain('it may do exactly this, once.')
})

test('drawn, each of them begins its own line or stands one space after the sentence before it', async () => {
  const target = (name: string, ends: 'at once' | 'at expiry') => doubleTarget({ target: name, ends })
  const world = await leaseWorld([
    target('warehouse', 'at once'),
    target('lake', 'at once'),
    target('vault', 'at expiry'),
    target('attic', 'at expiry'),
  ])
  const request = await ask(world, 'db.export')

  const { blocks } = renderCard({ id: 'crd_1', status: 'posted' }, await viewOf(world.ports, request))

  const texts = [...JSON.stringify(blocks).matchAll(/"text":"((?:[^"\\\\]|\\\\.)*)"/g)].map(
    ([, text = '']) => text,
  )
  const about = texts.filter((text) => text.includes('It can get a credential'))
  expect(about).toEqual([
    expect.stringMatching(/^When all agree, it may do exactly this, once\. It can .*\. It can .*[^ ]$/),
    expect.stringMatching(/^It can .*\. It can .*[^ ]$/),
  ])
  expect(texts.filter((text) => text !== text.trim() || text.includes('.  '))).toEqual([])
})
