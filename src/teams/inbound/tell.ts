import { ChannelFault } from '../../approvals/channelPort.ts'
import type { Answer } from '../../channels/answers.ts'
import { type Outcome, outcomeTitles } from '../../channels/doInTime.ts'
import { tellingOf } from '../card/message.ts'
import type { TeamsContext } from '../context.ts'
import type { TeamsMessage } from '../outbound/connector.ts'
import { ConnectorFault } from '../outbound/fault.ts'
import { plainOf } from '../text/spans.ts'
import { placeOf } from './activities.ts'

/** Where somebody did something, and who. */
interface Source {
  readonly from: { readonly id: string; readonly aadObjectId?: string | undefined }
  readonly conversation: { readonly id: string; readonly conversationType?: string | undefined }
}

/** Tells whoever did something how it ended, and nobody else. Never rejects. */
export function tellEnd(teams: TeamsContext, source: Source, end: Outcome): Promise<void> {
  return tellPrivately(teams, source, answerMessage(outcomeTitles[end.kind], end))
}

export function answerMessage(title: string, { says, people }: Answer): TeamsMessage {
  return tellingOf({ summary: plainOf(people, says), title, passages: [{ line: says }], people })
}

/** To one person only: where they are, so that only they see it, or in their chat with us (outbound/aside.ts). Never rejects. */
export async function tellPrivately(
  teams: TeamsContext,
  source: Source,
  message: TeamsMessage,
): Promise<void> {
  const isChat = source.conversation.conversationType === 'personal'
  const { id, aadObjectId: object = null } = source.from
  try {
    await teams.aside({ ...placeOf(source), isChat, id, object }, message)
  } catch (fault) {
    if (fault instanceof ConnectorFault || fault instanceof ChannelFault)
      teams.log.warn({ code: fault.code }, 'somebody could not be told what became of what they did')
    else teams.log.error({ err: fault }, 'somebody could not be told in Teams')
  }
}
