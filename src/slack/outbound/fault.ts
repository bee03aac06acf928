import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api'
import { ChannelFault } from '../../approvals/channelPort.ts'
import { channelIn } from '../place.ts'
import { refusalsOfApp, refusalsOfToken } from './tokenFaults.ts'

/** What went wrong with one call to Slack, in one shape. */
export interface SlackFault {
  /** Slack's own word, or `rate_limited`, `http_500`, `unreachable`, `unexpected`. */
  readonly code: string
  /** True when the call may have taken effect although no answer says so. */
  readonly unknown: boolean
  readonly retryAfterSeconds: number | null
}

/** Slack's own words for "something broke on our side, perhaps after it was done". */
const halfway = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
])

/** The card's message was deleted, or can never be changed again: another card has to take its place. */
const goneCard = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])

/** Nothing was sent: the connection was never made. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

export function slackFault(error: unknown): SlackFault {
  if (error instanceof WebAPIPlatformError) {
    const { error: code } = error.data
    return { code, unknown: halfway.has(code), retryAfterSeconds: null }
  }
  if (error instanceof WebAPIRateLimitedError)
    return { code: 'rate_limited', unknown: false, retryAfterSeconds: error.retryAfter }
  if (error instanceof WebAPIHTTPError)
    return { code: `http_${error.statusCode}`, unknown: error.statusCode >= 500, retryAfterSeconds: null }
  if (error instanceof WebAPIRequestError)
    return {
      code: 'unreachable',
      unknown: !neverSent.has(causeCode(error.original)),
      retryAfterSeconds: null,
    }
  return { code: 'unexpected', unknown: true, retryAfterSeconds: null }
}

/** What the operator does about it, where there is something to do. `where` is a Slack channel id. */
const fixes: Readonly<Record<string, (where: string) => string>> = {
  ...Object.fromEntries(
    Object.entries({ ...refusalsOfToken, ...refusalsOfApp }).map(([code, fix]) => [code, () => fix]),
  ),
  not_in_channel: (where) => `invite the app: type "/invite @Countersign" in channel ${where}`,
  channel_not_found: (where) =>
    `channel ${where} does not exist or is private and the app is not in it: invite the app or correct the policy`,
  is_archived: (where) => `channel ${where} is archived: name another one in the policy`,
  restricted_action: (where) => `posting in channel ${where} is restricted: allow the app there`,
  shared_channel: (where) =>
    `channel ${where} is shared with another organisation and would show them parameters: name an internal channel in the policy`,
  rate_limited: () => 'Slack asked us to wait; the posting is tried again',
  unreachable: () => 'Slack did not answer; check the network and SLACK_API_URL',
  cant_update_message: (where) =>
    `the card in ${where} was posted by another bot user; another card takes its place`,
  message_not_found: (where) =>
    `the card in ${where} was deleted by somebody; while the request waits, another card takes its place`,
}

/** The fault for the `Channel` port, with a sentence for the log that never holds text from a message. */
export function channelFault(
  error: unknown,
  about: { readonly method: string; readonly conversation: string },
): ChannelFault {
  if (error instanceof ChannelFault) return error
  const fault = slackFault(error)
  const fix = fixes[fault.code]?.(channelIn(about.conversation))
  const message = `${about.method}: ${fault.code}${fix ? `; ${fix}` : ''}`
  return new ChannelFault({ ...fault, message, gone: goneCard.has(fault.code) })
}

/** What the operator does about a code of Slack's, or null when we know nothing better than the code itself. */
export function fixFor(code: string, where: string): string | null {
  return fixes[code]?.(where) ?? null
}

function causeCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return ''
}
