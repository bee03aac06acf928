/** Slack's payloads at the edge: what we read of them, checked. Nothing outside this folder sees more. */
import { z } from 'zod'
import { type ButtonValue, readButtonValue } from '../../channels/buttonValue.ts'
import { readOrigin, type ViewOrigin } from '../../channels/origin.ts'

const id = z.string().min(1).max(100)

const sender = z.object({ id, team_id: id.optional() })

const view = z.object({
  id,
  app_id: id.nullish(),
  callback_id: z.string(),
  private_metadata: z.string().default(''),
  hash: z.string().optional(),
  state: z
    .object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
            selected_options: z.array(z.object({ value: z.string() })).nullish(),
          }),
        ),
      ),
    })
    .optional(),
})

const blockActions = z.object({
  user: sender,
  trigger_id: z.string(),
  container: z.object({
    type: z.string(),
    channel_id: id.optional(),
    message_ts: id.optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  view: view.optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
})

const viewSubmission = z.object({ user: sender, trigger_id: z.string(), view })

const command = z.object({
  user_id: id,
  text: z.string().default(''),
  channel_id: id,
  trigger_id: z.string(),
})

const shortcut = z.object({ callback_id: z.string(), user: sender, trigger_id: z.string() })

const messageShortcut = shortcut.extend({
  channel: z.object({ id }),
  message: z.object({ ts: id, thread_ts: id.optional() }),
})

const mention = z.object({
  event_id: id,
  event: z.object({
    user: id.optional(),
    // Any of these says that an app posted it, whoever is named as its user, or that it is no plain message.
    bot_id: z.string().nullish(),
    app_id: z.string().nullish(),
    bot_profile: z.unknown().optional(),
    subtype: z.string().nullish(),
    text: z.string().default(''),
    channel: id,
    ts: id,
    thread_ts: id.optional(),
    edited: z.unknown().optional(),
  }),
})

const home = z.object({ event: z.object({ user: id, tab: z.string().optional() }) })

const userChange = z.object({
  user: z.object({
    id,
    enterprise_user: z.object({ id }).nullish(),
    profile: z.object({ email: z.string().nullish() }).nullish(),
  }),
})

export type BlockActions = z.infer<typeof blockActions>
export type ViewSubmission = z.infer<typeof viewSubmission>
export type Command = z.infer<typeof command>
export type Shortcut = z.infer<typeof shortcut>
export type MessageShortcut = z.infer<typeof messageShortcut>
export type Mention = z.infer<typeof mention>
type ModalPayload = z.infer<typeof view>

export const readBlockActions = (body: unknown): BlockActions => blockActions.parse(body)
export const readViewSubmission = (body: unknown): ViewSubmission => viewSubmission.parse(body)
export const readCommand = (body: unknown): Command => command.parse(body)
export const readShortcut = (body: unknown): Shortcut => shortcut.parse(body)
export const readMessageShortcut = (body: unknown): MessageShortcut => messageShortcut.parse(body)
export const readMention = (body: unknown): Mention => mention.parse(body)
export const readHomeOpened = (body: unknown): z.infer<typeof home> => home.parse(body)

/** Every id of the one who changed or joined, and the address that they are said to have. */
export function readUserChange(event: unknown): {
  readonly ids: readonly string[]
  readonly email: string | null
} {
  const { user } = userChange.parse(event)
  const ids = user.enterprise_user ? [user.id, user.enterprise_user.id] : [user.id]
  return { ids, email: user.profile?.email ?? null }
}

/** What we put into the view when we made it, or null when it is not one of ours. */
export function originOf(modal: ModalPayload): ViewOrigin | null {
  return readOrigin(modal.private_metadata)
}

/** The pressed element: its id and what it carries. Slack sends one at a time. */
export function pressed(body: BlockActions): { readonly actionId: string; readonly value: string } {
  const [action] = body.actions
  return { actionId: action?.action_id ?? '', value: action?.selected_option?.value ?? action?.value ?? '' }
}

/** `full|req_…|crd_…` of the menu, in its two parts. */
export function menuChoice(value: string): { readonly choice: string; readonly button: ButtonValue | null } {
  const at = value.indexOf('|')
  return { choice: value.slice(0, at), button: readButtonValue(value.slice(at + 1)) }
}
