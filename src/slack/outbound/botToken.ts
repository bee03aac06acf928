/** The token of the bot, where it changes while the process lives. */
export interface BotToken {
  /** What to call Slack with now. @throws WrongToken while there is none */
  current(): Promise<string>
  /** What to call Slack with after it refused that token with that word; the same one when there is no other. */
  after(refused: string, code: string): Promise<string>
}

/** Slack's words for a token that another one may have taken the place of. The call had no effect. */
export const outdated: readonly string[] = ['token_expired', 'token_revoked', 'invalid_auth']
