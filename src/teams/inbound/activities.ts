import { z } from 'zod'

/** What Teams sends, as far as it is read. Everything in it that says who somebody is was written by the connector. */

const objectId = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)
  .transform((id) => id.toLowerCase())

const common = {
  id: z.string().min(1).max(200),
  timestamp: z.string(),
  from: z.object({
    /** Of the app's own making, and of no use as a name. */
    id: z.string(),
    /** Missing for whoever has no account of Entra. */
    aadObjectId: objectId.optional(),
  }),
  conversation: z.object({
    id: z.string().min(1).max(500),
    conversationType: z.enum(['personal', 'groupChat', 'channel']).optional(),
  }),
  /** The message that carries the card. */
  replyToId: z.string().max(200).optional(),
}

const data = z.record(z.string(), z.unknown())

const message = z.object({
  ...common,
  type: z.literal('message'),
  text: z.string().max(28_000).optional(),
})

const execute = z.object({
  ...common,
  type: z.literal('invoke'),
  name: z.literal('adaptiveCard/action'),
  value: z.object({
    action: z.object({
      type: z.literal('Action.Execute'),
      verb: z.string().min(1).max(100),
      data: data.optional(),
    }),
    /** `automatic`: nobody pressed anything, the card came into sight. Nothing said is not that somebody pressed. */
    trigger: z.enum(['manual', 'automatic']).optional(),
  }),
})

const dialog = z.object({
  ...common,
  type: z.literal('invoke'),
  name: z.enum(['task/fetch', 'task/submit']),
  value: z.object({ data }),
})

const news = z.object({
  ...common,
  type: z.enum(['installationUpdate', 'conversationUpdate']),
  action: z.string().max(100).optional(),
  membersAdded: z.array(z.object({ aadObjectId: objectId.optional().catch(undefined) })).optional(),
  membersRemoved: z.array(z.object({ aadObjectId: objectId.optional().catch(undefined) })).optional(),
})

const unknownInvoke = z.object({ ...common, type: z.literal('invoke'), name: z.string().max(200).optional() })

const anything = z.object({ type: z.string().max(200) })

export type MessageActivity = z.infer<typeof message>
export type ExecuteActivity = z.infer<typeof execute>
export type DialogActivity = z.infer<typeof dialog>
export type NewsActivity = z.infer<typeof news>

/** `unreadable`: of a kind that we know, and not of its form. `ignored`: of a kind that is nothing to us. */
export type Activity =
  | { readonly kind: 'message'; readonly activity: MessageActivity }
  | { readonly kind: 'execute'; readonly activity: ExecuteActivity }
  | { readonly kind: 'dialog'; readonly activity: DialogActivity }
  | { readonly kind: 'news'; readonly activity: NewsActivity }
  | { readonly kind: 'unknown_invoke'; readonly name: string }
  | { readonly kind: 'ignored'; readonly type: string }
  | { readonly kind: 'unreadable'; readonly type: string }

const invokes = { 'adaptiveCard/action': execute, 'task/fetch': dialog, 'task/submit': dialog } as const

export function readActivity(body: unknown): Activity {
  const { type = '' } = anything.safeParse(body).data ?? {}
  if (type === 'message') return or(message.safeParse(body), 'message', type)
  if (type === 'installationUpdate' || type === 'conversationUpdate')
    return or(news.safeParse(body), 'news', type)
  if (type !== 'invoke') return { kind: 'ignored', type }
  const read = unknownInvoke.safeParse(body)
  const { name = '' } = read.data ?? {}
  if (!Object.hasOwn(invokes, name))
    return read.success ? { kind: 'unknown_invoke', name } : { kind: 'unreadable', type }
  return name === 'adaptiveCard/action'
    ? or(execute.safeParse(body), 'execute', type)
    : or(dialog.safeParse(body), 'dialog', type)
}

function or<K extends Activity['kind'], T>(
  read: { readonly success: true; readonly data: T } | { readonly success: false },
  kind: K,
  type: string,
): { readonly kind: K; readonly activity: T } | { readonly kind: 'unreadable'; readonly type: string } {
  return read.success ? { kind, activity: read.data } : { kind: 'unreadable', type }
}

/** The conversation of an activity, and the message under whose thread it was, where it was in one. */
export function placeOf({ conversation }: { readonly conversation: { readonly id: string } }): {
  readonly conversation: string
  readonly root: string | null
} {
  const [id = '', root] = conversation.id.split(';messageid=')
  return { conversation: id, root: root ?? null }
}
