/** Slack's words for "this token is no good", and what the operator does. They do not pass by waiting. */
export const refusalsOfToken: Readonly<Record<string, string>> = {
  invalid_auth: 'SLACK_BOT_TOKEN is not valid: install the app again and set the new token',
  not_authed: 'SLACK_BOT_TOKEN is missing',
  account_inactive: 'the app was removed from the workspace: install it again',
  token_revoked: 'SLACK_BOT_TOKEN was revoked: install the app again and set the new token',
  token_expired:
    'the token expired: it is one that rotates, so put it and its refresh token in with "countersign slack tokens set" (docs/slack.md, "Tokens that rotate")',
  not_allowed_token_type: "SLACK_BOT_TOKEN is not a bot's token: copy the one that begins with xoxb-",
  user_removed_from_team: 'the bot was removed from the workspace: install the app again',
  team_access_not_granted: 'the app was not granted access to this workspace: install it there',
}

/** What else stops a start, because trying again cannot help: somebody has to change the app. */
export const refusalsOfApp: Readonly<Record<string, string>> = {
  missing_scope:
    'the app lacks a scope: paste manifest.yml again, install the app again, then run "countersign doctor"',
  no_permission: 'the app may not do what it has to: paste manifest.yml again and install the app again',
}

/** What the operator has to change before Slack takes us, or null when waiting may be enough. */
export function lastingFix(code: string): string | null {
  return refusalsOfToken[code] ?? refusalsOfApp[code] ?? null
}
