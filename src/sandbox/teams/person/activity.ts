/** What somebody did, as an activity of the Bot Framework. */
import type { Activity } from '../delivery.ts'
import { mriOf, type StoredConversation } from '../tenant.ts'
import type { TeamsPerson } from '../wire.ts'
import type { Stage } from './stage.ts'

interface Where {
  readonly person: TeamsPerson
  readonly conversation: StoredConversation
  readonly root: string | null
}

/** Something that wants an answer. */
export function invoke(
  stage: Stage,
  where: Where,
  what: { readonly name: string; readonly value: unknown; readonly replyToId?: string },
): Activity {
  return { ...basis(stage, where), type: 'invoke', ...what }
}

/** Something that somebody wrote. */
export function written(stage: Stage, where: Where, text: string): Activity {
  const { app } = stage.tenant
  const spoken = `<at>${app.name}</at>`
  const mention = { type: 'mention', text: spoken, mentioned: { id: botOf(stage), name: app.name } }
  const withMarks = text.replaceAll(`@${app.name}`, spoken)
  const before = basis(stage, where)
  return {
    ...before,
    type: 'message',
    textFormat: 'plain',
    text: withMarks,
    entities: [...before.entities, ...(withMarks === text ? [] : [mention])],
  }
}

function basis(stage: Stage, { person, conversation, root }: Where) {
  const { tenant } = stage
  const at = new Date(tenant.now()).toISOString()
  const team = conversation.team === null ? undefined : tenant.teams.get(conversation.team)
  return {
    id: tenant.nextId('f'),
    timestamp: at,
    localTimestamp: at,
    localTimezone: 'Europe/Berlin',
    locale: 'en-GB',
    channelId: 'msteams',
    serviceUrl: stage.serviceUrl(),
    from: { id: mriOf(person), name: person.name, aadObjectId: person.id },
    recipient: { id: botOf(stage), name: tenant.app.name },
    conversation: {
      id: root === null ? conversation.id : `${conversation.id};messageid=${root}`,
      conversationType: conversation.kind === 'chat' ? 'personal' : 'channel',
      tenantId: tenant.id,
      ...(conversation.kind === 'channel' && { isGroup: true }),
    },
    channelData: {
      tenant: { id: tenant.id },
      ...(team && {
        channel: { id: conversation.id },
        team: { id: team.id, aadGroupId: team.groupId },
        teamsChannelId: conversation.id,
        teamsTeamId: team.id,
      }),
      source: { name: 'message' },
    },
    entities: [
      { type: 'clientInfo', locale: 'en-GB', country: 'DE', platform: 'Web', timezone: 'Europe/Berlin' },
    ],
  }
}

function botOf({ tenant }: Stage): string {
  return `28:${tenant.app.id}`
}
