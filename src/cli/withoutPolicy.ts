import type { RunningServer } from '../server/start.ts'
import { paint } from './say.ts'

/**
 * What stands in place of the greeting when there is nothing to judge by: a server that denies everything must not look
 * like one that is ready.
 */
export function withoutPolicy(
  { url, note }: Pick<RunningServer, 'url' | 'note'>,
  policyDir: string,
): readonly string[] {
  const line = paint('red', '━'.repeat(72))
  return [
    '',
    line,
    paint('bold', paint('red', 'Countersign is NOT READY: there is no policy that it can judge by.')),
    'Every request is denied or put off, and /readyz answers 503.',
    ...(note ? ['', note] : []),
    '',
    'What to do:',
    `  1. countersign policy lint ${policyDir}`,
    `  2. countersign policy test ${policyDir}`,
    `  3. Fix what they say, then: countersign policy activate ${policyDir} --by <you>`,
    '',
    `It listens at ${url}, and becomes ready by itself as soon as a policy is active. Ctrl-C stops it.`,
    line,
    '',
  ]
}
