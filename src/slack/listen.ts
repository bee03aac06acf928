import type { App, ViewSubmitAction } from '@slack/bolt'
import type { SlackChannel } from './channel.ts'
import { onCommand } from './commands.ts'
import type { Desk } from './desk.ts'
import type { SlackDirectory } from './directory.ts'
import { forms } from './forms.ts'
import { publishHome } from './home.ts'
import { onPress } from './interactions.ts'
import { onMention } from './mentions.ts'
import { isOurPayload } from './ourPayload.ts'
import {
  readBlockActions,
  readCommand,
  readHomeOpened,
  readMention,
  readUserChange,
  readViewSubmission,
} from './payloads.ts'
import type { CallWatch } from './reach.ts'
import { onSubmission, type SubmissionAnswer } from './submissions.ts'
import { slashCommand } from './surface.ts'

/** Who hears what Slack tells. */
interface Ears {
  readonly desk: Desk
  readonly directory: SlackDirectory
  readonly channel: SlackChannel
  readonly reach: Pick<CallWatch, 'refused'>
}

/** Connects Bolt's listeners to our handlers. Bolt's payloads are read here and go no further. */
export function listen(app: App, to: Ears): void {
  const { desk } = to
  app.use(async ({ body, next }) => {
    if (isOurPayload(body, desk.identity)) return next()
    desk.log.warn('a signed payload was about another app and was ignored')
  })
  app.error(async (error) => desk.log.error({ err: error }, 'a Slack handler failed'))

  app.action(/^/, async ({ body, ack, respond }) => {
    const reply = 'response_url' in body && body.response_url ? respond : null
    await onPress(desk, { body: readBlockActions(body), ack: once<[]>(desk, ack), respond: reply })
  })
  const written = new RegExp(`^(${Object.keys(forms).join('|')})$`)
  app.view<ViewSubmitAction>({ callback_id: written, type: 'view_submission' }, async ({ body, ack }) =>
    onSubmission(desk, {
      body: readViewSubmission(body),
      ack: once<[answer?: SubmissionAnswer]>(desk, ack),
    }),
  )
  // Windows that only show something close when they are sent.
  app.view(/^(full|note)$/, async ({ ack }) => ack())
  app.command(slashCommand, async ({ body, ack, respond }) =>
    onCommand(desk, { command: readCommand(body), ack: once<[]>(desk, ack), respond }),
  )
  app.event('app_mention', async ({ body }) => onMention(desk, readMention(body)))
  app.event('app_home_opened', async ({ body }) => {
    const { event } = readHomeOpened(body)
    if (event.tab === undefined || event.tab === 'home') await publishHome(desk, event.user)
  })
  listenForChanges(app, to)
}

/** What Slack tells us about people, groups and channels makes us forget what we knew. */
function listenForChanges(app: App, to: Ears): void {
  const { log, identity } = to.desk
  app.event('user_change', async ({ event }) => to.directory.forgetUser(...readUserChange(event)))
  app.event('subteam_updated', async () => to.directory.forgetGroups())
  app.event('subteam_members_changed', async () => to.directory.forgetGroups())
  app.event('channel_shared', async ({ event }) => to.channel.forgetConversation(event.channel))
  app.event('channel_id_changed', async ({ event }) => {
    const { old_channel_id: was, new_channel_id: is } = event
    for (const id of [was, is]) to.channel.forgetConversation(id)
    log.error(
      { was, is },
      `Slack gave channel ${was} the new id ${is}. The cards in it take no clicks any more (people decide with /approvals), and new ones cannot be posted: put ${is} in place of ${was} in the directory of the policy, and activate it`,
    )
  })
  // Told when a person takes their own token back as well, which is none of ours.
  app.event('tokens_revoked', async ({ event }) => {
    if (event.tokens.bot?.includes(identity.botUserId)) to.reach.refused('token_revoked')
  })
  // The same app may be installed in a sister workspace too.
  app.event('app_uninstalled', async ({ body }) => {
    if (body.team_id === identity.teamId) to.reach.refused('account_inactive')
  })
}

/**
 * Acknowledges at most once, and never fails: a handler may do it early, whoever cleans up after it need not know, and
 * a socket that closed meanwhile changes nothing about what is recorded.
 */
function once<T extends readonly unknown[]>(
  desk: Desk,
  ack: (...answer: T) => Promise<void>,
): (...answer: T) => Promise<void> {
  let done = false
  return async (...answer) => {
    if (done) return
    done = true
    await ack(...answer).catch((error: unknown) =>
      desk.log.warn({ err: error }, 'an acknowledgement did not reach Slack'),
    )
  }
}
