import { WebAPIPlatformError } from '@slack/web-api'
import { slackFault } from './fault.ts'
import { refusalsOfApp, refusalsOfToken } from './tokenFaults.ts'

/** Every method of Slack's that we call. */
export const slackMethods = [
  'auth.test',
  'bots.info',
  'chat.getPermalink',
  'chat.postEphemeral',
  'chat.postMessage',
  'chat.update',
  'conversations.info',
  'usergroups.list',
  'usergroups.users.list',
  'users.info',
  'users.lookupByEmail',
  'views.open',
  'views.publish',
  'views.update',
] as const

/**
 * How a call ended, in few words: Slack refuses our token, or what our app may do, or what was asked; it told us to wait;
 * something broke on its side, perhaps after it was done; or no answer came.
 */
export const slackOutcomes = [
  'ok',
  'token_refused',
  'app_refused',
  'refused',
  'rate_limited',
  'broken',
  'unreachable',
] as const

/** One call with the bot's token, for whoever counts them. */
export interface EndedCall {
  readonly method: (typeof slackMethods)[number] | 'other'
  readonly outcome: (typeof slackOutcomes)[number]
  readonly seconds: number
}

export function methodOf(name: string): EndedCall['method'] {
  return slackMethods.find((one) => one === name) ?? 'other'
}

export function outcomeOf(error: unknown): EndedCall['outcome'] {
  const { code, unknown } = slackFault(error)
  if (Object.hasOwn(refusalsOfToken, code)) return 'token_refused'
  if (Object.hasOwn(refusalsOfApp, code)) return 'app_refused'
  if (code === 'rate_limited' || code === 'unreachable') return code
  return error instanceof WebAPIPlatformError && !unknown ? 'refused' : 'broken'
}
