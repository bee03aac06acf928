import { issueToken } from '../../src/approvals/people/personalTokens.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { bundleFiles, testBundle } from './testBundle.ts'
import { keyOf } from './testDirectory.ts'
import type { World } from './world.ts'

/** The test bundle whose defaults take personal tokens, beside the card and its thread; or that takes what is given. */
export function bundleVia(via = '[card, thread, api]', files = bundleFiles): Bundle {
  const yaml = (files['bundle.yaml'] ?? '').replace('  deny_count: 1\n', `  deny_count: 1\n  via: ${via}\n`)
  return testBundle({ ...files, 'bundle.yaml': yaml })
}

/** A new token of a Slack user. */
export async function tokenOf({ ports }: Pick<World, 'ports'>, user: string, days = 7) {
  const account = await ports.directory.account(keyOf(user))
  return issueToken(ports, { account, via: 'slack', days })
}
