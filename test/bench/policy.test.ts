import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reading, releasing } from '../../bench/load/agent.ts'
import { conversations, withConversations, writePolicy } from '../../bench/world/policy.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'

/** The policy of the bench, as it is written before a server starts. */
function policyOfTheBench() {
  const directory = join(mkdtempSync(join(tmpdir(), 'bench-policy-')), 'policies')
  onTestFinished(() => rmSync(join(directory, '..'), { recursive: true }))
  writePolicy(directory)
  const loaded = loadBundle(readBundleDirectory(directory))
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.bundle
}

const lee = { id: 'per_lee', email: 'lee@acme.test', groups: [] }

function judged(bundle: ReturnType<typeof policyOfTheBench>, body: string) {
  const { initiator, reason, ...action } = JSON.parse(body)
  return evaluate(bundle, {
    action,
    agent: { id: 'agt_1', name: 'bench-1', model: null, owner: lee },
    initiator: { id: 'per_alice', email: initiator.email, groups: [], kind: 'human' },
    request: { reason: reason ?? null, source: 'api' },
    at: '2026-12-01T12:00:00.000Z',
  })
}

test('what agents of the bench ask is allowed, or asked in the conversation that they name', () => {
  const bundle = policyOfTheBench()

  expect(judged(bundle, reading).verdict.kind).toBe('allow')
  for (const n of [0, 7, conversations.length - 1]) {
    const { verdict, requirement } = judged(bundle, releasing(n))
    expect(verdict.kind).toBe('require_approval')
    expect(JSON.stringify(requirement)).toContain(conversations[n]?.id)
  }
})

test('every conversation is in the company, with those who decide in it', () => {
  const channels = withConversations(acme).channels

  for (const { id } of conversations)
    expect(channels.find((channel) => channel.id === id)?.members).toContain('U0SAM')
})
