/** What a Web API method is, and what it has to work with. */
import type { Args } from '../args.ts'
import type { RateLimits } from '../limits.ts'
import type { Tokens } from '../tokens.ts'
import type { Triggers } from '../triggers.ts'
import type { Workspace } from '../workspace.ts'

/** Everything that the methods of one local Slack share. */
export interface Context {
  readonly workspace: Workspace
  readonly triggers: Triggers
  readonly limits: RateLimits
  readonly tokens: Tokens
  /** False for a workspace that does not have the blocks of 2025 and 2026 yet. */
  readonly recentBlocks: boolean
  /** The bot token's scopes. */
  readonly scopes: readonly string[]
  /** Where this Slack is reached, such as `http://127.0.0.1:8080`. */
  readonly origin: () => string
  /** An address for one Socket Mode connection. */
  readonly openSocket: () => string
}

export interface Method {
  readonly token: 'bot' | 'app' | 'none'
  /** The scope the token needs, if any. */
  readonly scope: string | null
  /** Returns what is beside `ok: true`. Throws SlackError. */
  readonly run: (context: Context, args: Args) => Readonly<Record<string, unknown>>
}

export type Methods = Readonly<Record<string, Method>>
