import type { App, ViewSubmitAction } from '@slack/bolt'
import { lookWhenTold } from '../../approvals/people/lookAtAccounts.ts'
import type { CallWatch } from '../../channels/reach.ts'
import { channelVerbs } from '../../channels/verbs.ts'
import { keyIn } from '../address.ts'
import type { SlackContext } from '../context.ts'
import type { SlackIdentity } from '../identity.ts'
import type { SlackChannel } from '../outbound/channel.ts'
import type { SlackDirectory } from '../outbound/directory.ts'
import { slashCommand } from '../surface.ts'
import { policyTestWindow } from '../windows/policyWindows.ts'
import { onCommand } from './commands.ts'
import { onPress } from './interactions.ts'
import { onMention } from './mentions.ts'
import { isOurPayload } from './ourPayload.ts'
import {
  readBlockActions,
  readCommand,
  readHomeOpened,
  readMention,
  readMessageShortcut,
  readShortcut,
  readUserChange,
  readViewSubmission,
} from './payloads.ts'
import { onPolicyTest } from './policyCommand.ts'
import { onMyApprovals, onWhyAsked } from './shortcuts.ts'
import { onStopSubmission, stopWindows } from './stopWindows.ts'
import { onSubmission, type SubmissionAnswer } from './submissions.ts'

/** Who hears what Slack tells. */
interface Listeners {
  readonly slack: SlackContext
  readonly directory: SlackDirectory
  readonly channel: SlackChannel
  readonly reach: Pick<CallWatch, 'refused'>
}

/** Connects Bolt's listeners to our handlers. Bolt's payloads are read here and go no further. */
export function listen(app: App, to: Listeners): void {
  const { slack } = to
  app.use(async ({ body, next }) => {
    if (isOurPayload(body, slack.identity)) return next()
    slack.log.warn('a signed payload was about another app and was ignored')
  })
  app.error(async (error) => slack.log.error({ err: error }, 'a Slack handler failed'))

  app.action(/^/, async ({ body, ack, respond }) => {
    const reply = 'response_url' in body && body.response_url ? respond : null
    await onPress(slack, { body: readBlockActions(body), ack: once<[]>(slack, ack), respond: reply })
  })
  listenForWindows(app, slack)
  app.command(slashCommand, async ({ body, ack, respond }) =>
    onCommand(slack, { command: readCommand(body), ack: once<[]>(slack, ack), respond }),
  )
  listenForShortcuts(app, slack)
  app.event('app_mention', async ({ body }) => onMention(slack, readMention(body)))
  app.event('app_home_opened', async ({ body }) => {
    const { event } = readHomeOpened(body)
    if (event.tab === undefined || event.tab === 'home') await slack.homes.opened(event.user)
  })
  listenForChanges(app, to)
}

/** Windows that were sent. */
function listenForWindows(app: App, slack: SlackContext): void {
  const written = new RegExp(
    `^(${Object.values(channelVerbs)
      .map(({ window }) => window)
      .join('|')})$`,
  )
  app.view<ViewSubmitAction>({ callback_id: written, type: 'view_submission' }, async ({ body, ack }) =>
    onSubmission(slack, {
      body: readViewSubmission(body),
      ack: once<[answer?: SubmissionAnswer]>(slack, ack),
    }),
  )
  app.view<ViewSubmitAction>(
    { callback_id: new RegExp(`^(${stopWindows.join('|')})$`), type: 'view_submission' },
    async ({ body, ack }) =>
      onStopSubmission(slack, {
        body: readViewSubmission(body),
        ack: once<[answer?: SubmissionAnswer]>(slack, ack),
      }),
  )
  app.view<ViewSubmitAction>(
    { callback_id: policyTestWindow, type: 'view_submission' },
    async ({ body, ack }) =>
      onPolicyTest(slack, {
        body: readViewSubmission(body),
        ack: once<[answer?: SubmissionAnswer]>(slack, ack),
      }),
  )
  // Windows that only show something close when they are sent.
  app.view(/^(full|note)$/, async ({ ack }) => ack())
}

function listenForShortcuts(app: App, slack: SlackContext): void {
  app.shortcut({ callback_id: 'my_approvals', type: 'shortcut' }, async ({ body, ack }) =>
    onMyApprovals(slack, { body: readShortcut(body), ack: once<[]>(slack, ack), respond: null }),
  )
  app.shortcut({ callback_id: 'why_asked', type: 'message_action' }, async ({ body, ack, respond }) =>
    onWhyAsked(slack, {
      body: readMessageShortcut(body),
      ack: once<[]>(slack, ack),
      respond: 'response_url' in body && body.response_url ? respond : null,
    }),
  )
}

/** Looks at once whether the account is as it was. What fails is found by the look that comes anyway. */
async function look(
  { ports, identity, log }: SlackContext,
  { ids, email }: ReturnType<typeof readUserChange>,
): Promise<void> {
  const homes = [identity.teamId, ...(identity.enterpriseId ? [identity.enterpriseId] : [])]
  const keys = ids.flatMap((id) => homes.map((home) => keyIn(home, id)))
  for (const key of keys)
    await lookWhenTold(ports, key, { email }).catch((err: unknown) =>
      log.warn({ err }, 'an account that Slack told us about could not be looked at'),
    )
}

/** What Slack tells us about people, groups and channels makes us forget what we knew. */
function listenForChanges(app: App, to: Listeners): void {
  const { log, identity } = to.slack
  app.event('user_change', async ({ event }) => {
    const change = readUserChange(event)
    to.directory.forgetUser(...change.ids)
    to.slack.homes.forgetUser(...change.ids)
    await look(to.slack, change)
  })
  app.event('team_join', async ({ event }) => look(to.slack, readUserChange(event)))
  app.event('subteam_updated', async () => to.directory.forgetGroups())
  app.event('subteam_members_changed', async () => to.directory.forgetGroups())
  app.event('channel_shared', async ({ event }) => to.channel.forgetConversation(event.channel))
  app.event('channel_id_changed', async ({ event }) => {
    const { old_channel_id: was, new_channel_id: is } = event
    for (const id of [was, is]) to.channel.forgetConversation(id)
    log.error(
      { was, is },
      `Slack gave channel ${was} the new id ${is}. The cards in it no longer take clicks (people decide with /approvals), and new ones cannot be posted: put ${is} in place of ${was} in the directory of the policy, and activate it`,
    )
  })
  // Told when a person takes their own token back as well, which is none of ours.
  app.event('tokens_revoked', async ({ event }) => {
    if (event.tokens.bot?.includes(identity.botUserId)) to.reach.refused('token_revoked')
  })
  app.event('app_uninstalled', async ({ body }) => {
    if (isOurInstall(body, identity)) to.reach.refused('account_inactive')
  })
}

/**
 * The same app may be installed in a sister workspace too. Of an organisation-wide install Slack may name any team, or none: when it was
 * taken from one workspace only, the next call says that the token is still good.
 */
function isOurInstall(
  body: { readonly team_id?: string | null; readonly enterprise_id?: string | null },
  identity: SlackIdentity,
): boolean {
  if (identity.organisationWide) return body.enterprise_id === identity.enterpriseId
  return body.team_id === identity.teamId
}

/**
 * Acknowledges at most once, and never fails: a handler may do it early, whoever cleans up after it need not know, and
 * a socket that closed meanwhile changes nothing about what is recorded.
 */
function once<T extends readonly unknown[]>(
  slack: SlackContext,
  ack: (...answer: T) => Promise<void>,
): (...answer: T) => Promise<void> {
  let done = false
  return async (...answer) => {
    if (done) return
    done = true
    await ack(...answer).catch((error: unknown) =>
      slack.log.warn({ err: error }, 'an acknowledgement did not reach Slack'),
    )
  }
}
