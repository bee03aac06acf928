import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'

/** Conversations that cards go to: Slack takes about one message a second in each, so as many as there are cycles. */
export const conversations = Array.from({ length: 200 }, (_, n) => ({
  id: `C0BENCH${String(n).padStart(3, '0')}`,
  name: `bench-${n}`,
}))

/**
 * The policy that ships, with an action of its own for each conversation: one rule more for each, and none of them is
 * looked at for another action.
 */
export function writePolicy(directory: string): void {
  cpSync('policies', directory, { recursive: true })
  const bundle = join(directory, 'bundle.yaml')
  writeFileSync(bundle, withManyPending(readFileSync(bundle, 'utf8')))
  appendFileSync(
    bundle,
    conversations.map(({ id, name }) => `  channel:${name}: {slack_channel: ${id}}\n`).join(''),
  )
  appendFileSync(
    join(directory, 'actions.yaml'),
    conversations
      .map(
        (_, n) =>
          `  bench.release-${n}:\n    effect: write\n    params: {service: string, version: string, strategy: string}\n`,
      )
      .join(''),
  )
  writeFileSync(join(directory, 'rules/bench.yaml'), JSON.stringify(conversations.map(ruleOf))) // JSON is YAML
}

/** Some figures let more wait than an agent usually may. */
function withManyPending(bundle: string): string {
  const changed = bundle.replace(/^defaults:$/m, 'defaults:\n  max_pending: 10000')
  if (changed === bundle) throw new Error('policies/bundle.yaml has no defaults any more')
  return changed
}

function ruleOf({ name }: { readonly name: string }, n: number) {
  return {
    id: `bench.release-${n}`,
    description: 'A release that a release manager agrees to.',
    match: { actions: [`bench.release-${n}`], environments: ['prod'] },
    verdict: 'require_approval',
    require: {
      approvals: [{ name: 'release', from: ['owner', 'group:release-managers'], count: 1 }],
      expires_in: '30m',
      grant: { ttl: '5m' },
    },
    notify: { channel: `channel:${name}`, remind: ['10m'] },
  }
}

/** The company with these conversations in it. */
export function withConversations(seed: Seed): Seed {
  const staff = seed.channels[0]?.members ?? []
  const more = conversations.map(({ id, name }) => ({ id, name, topic: 'Releases', members: staff }))
  return { ...seed, channels: [...seed.channels, ...more] }
}
