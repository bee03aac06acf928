import type { TeamsContext } from '../context.ts'
import type { TeamsDirectory } from '../outbound/directory.ts'
import type { NewsActivity } from './activities.ts'
import { onMessage } from './commands.ts'
import { onDialog } from './dialogs.ts'
import { onPress } from './press.ts'
import type { ActivityHandler, Reply } from './receiver.ts'
import { unknownInvoke } from './replies.ts'

/** What Teams sent, by its kind. */
export async function hear(
  teams: TeamsContext,
  directory: Pick<TeamsDirectory, 'forgetPerson'>,
  heard: Parameters<ActivityHandler>[0],
): Promise<Reply> {
  if (heard.kind === 'execute') return onPress(teams, heard.activity)
  if (heard.kind === 'dialog') return onDialog(teams, heard.activity)
  if (heard.kind === 'news') return onNews(teams, directory, heard.activity)
  if (heard.kind === 'message') {
    // Nobody waits for it: what is answered comes as a message.
    teams.follow(onMessage(teams, heard.activity))
    return { status: 200 }
  }
  teams.log.warn({ name: heard.name }, 'Teams asked for something that we do not know')
  return unknownInvoke
}

/** Somebody came or went, so who they are is asked anew. Where the app was put in or taken out, the operator finds in the log. */
function onNews(
  { log }: TeamsContext,
  { forgetPerson }: Pick<TeamsDirectory, 'forgetPerson'>,
  { type, action, conversation, membersAdded = [], membersRemoved = [] }: NewsActivity,
): Reply {
  for (const { aadObjectId } of [...membersAdded, ...membersRemoved])
    if (aadObjectId !== undefined) forgetPerson(aadObjectId)
  if (type === 'installationUpdate')
    log.info({ action, conversation: conversation.id }, 'the app was put into Teams, or taken out')
  return { status: 200 }
}
