import type { Decision } from '../core/request.ts'
import type { Passage } from './passage.ts'
import { nothing, onDay, ours, say, strong, type Text } from './span.ts'

/** What is told of a personal token: ids, and moments in RFC 3339. */
interface ToldToken {
  readonly id: string
  readonly createdAt: string
  readonly endsAt: string
}

/** What has become of it, when, and by which request somebody first decided with it. */
interface ToldNews {
  readonly why: 'issued' | 'used' | 'revoked'
  readonly since: string
  readonly request?: string
}

/** A message to the person whose token it is. */
export interface TokenContent {
  readonly title: string
  readonly passages: readonly Passage[]
}

const titles = {
  issued: 'You have a new personal token',
  used: 'Your personal token was used',
  revoked: 'Your personal token was revoked',
} as const

export function tokenContent(token: ToldToken, news: ToldNews): TokenContent {
  const { id } = token
  const undo = say`If that was not you, type ${strong`/approvals token revoke ${ours(id)}`} now, and tell whoever runs Countersign.`
  return {
    title: titles[news.why],
    passages: [
      { line: happened(token, news) },
      ...(news.why === 'revoked' ? [] : [{ line: undo }]),
      { note: say`${ours(id)}, made ${onDay(token.createdAt)}` },
    ],
  }
}

function happened({ endsAt }: ToldToken, { why, since, request }: ToldNews): Text {
  if (why === 'issued')
    return say`Somebody typed /approvals token in your name, ${onDay(since)}. Whoever has it can decide as you until ${onDay(endsAt)}, where the policy takes that.`
  if (why === 'revoked')
    return say`Whoever runs Countersign revoked it, ${onDay(since)}. What you decided with it stands.`
  const which = request === undefined ? nothing : say` on ${ours(request)}`
  return say`You decided with it${which}, ${onDay(since)}. You hear of its use at most once an hour.`
}

/** What stands around a new token where it is shown, once. */
export function shownOnce({ id, endsAt }: ToldToken): {
  readonly title: string
  readonly before: readonly Passage[]
  readonly after: readonly Passage[]
} {
  return {
    title: 'Your new token',
    before: [{ line: say`${strong`Copy it now:`} it is shown only here, and only once.` }],
    after: [
      {
        line: say`It works until ${onDay(endsAt)}. Whoever has it can decide as you, on requests whose policy takes the API, and read what you may read. It can do nothing else.`,
      },
      {
        note: say`${ours(id)}: type /approvals token revoke ${ours(id)} to end it. You get a message about it, too.`,
      },
    ],
  }
}

/** A token in the list of its person. */
export function tokenLine({
  id,
  createdAt,
  endsAt,
  usedAt,
}: ToldToken & { readonly usedAt: string | null }): Text {
  const use = usedAt === null ? say`never decided with` : say`last decided with about ${onDay(usedAt)}`
  return say`${strong`${ours(id)}`}: made ${onDay(createdAt)}, works until ${onDay(endsAt)}, ${use}`
}

/** How a decision came, where that was not the channel in which it is shown. */
export function howOf({ via }: Pick<Decision, 'via'>): Text {
  return via === 'api' ? say` by personal token` : nothing
}
