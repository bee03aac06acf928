/** Slack's cursor pages. */
import { type Args, optionalText } from './args.ts'
import { SlackError } from './slackError.ts'

/** One page of `all` (at most `limit`, 100 unless asked), and the cursor of the next. Throws `invalid_cursor`. */
export function page<T>(
  all: readonly T[],
  args: Args,
): { items: readonly T[]; response_metadata: { next_cursor: string } } {
  const limit = Number(optionalText(args, 'limit') ?? '100')
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new SlackError('invalid_limit')
  const start = startOf(optionalText(args, 'cursor'))
  const items = all.slice(start, start + limit)
  const more = start + limit < all.length
  const next = more ? Buffer.from(`offset:${start + limit}`).toString('base64') : ''
  return { items, response_metadata: { next_cursor: next } }
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const offset = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  if (offset === undefined) throw new SlackError('invalid_cursor')
  return Number(offset)
}
