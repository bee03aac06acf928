/** Who acts, and what acting needs. */
import type { ActResult, Member } from '../../wire.ts'
import type { Ack } from '../delivery/courier.ts'
import type { Events } from '../delivery/events.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Context } from '../methods/method.ts'
import type { Sender } from '../payloads.ts'
import type { StoredConversation, Workspace } from '../workspace.ts'

/** What member acts share. */
export interface Stage extends Sender {
  readonly context: Context
  readonly outbox: Outbox
  readonly events: Events
  /** Notes a mistake of the app that Slack shows only as "trouble connecting". */
  readonly problem: (text: string) => void
}

/** Something that Slack does not let the member do; `message` is what it shows. */
export class Impossible extends Error {}

/** The member who acts. Throws Impossible for nobody, bots, and deactivated accounts. */
export function actor(workspace: Workspace, id: string): Member {
  const member = workspace.members.get(id)
  if (member === undefined) throw new Impossible(`There is no member ${id} in this workspace.`)
  if (member.bot) throw new Impossible(`${member.realName} is an app; it cannot do this.`)
  if (member.deleted) throw new Impossible(`${member.realName}'s account is deactivated.`)
  return member
}

/** The conversation, if the member is in it. */
export function joined(workspace: Workspace, member: Member, id: string): StoredConversation {
  const conversation = workspace.conversations.get(id)
  if (conversation === undefined || !conversation.members.includes(member.id)) {
    throw new Impossible(`${member.realName} is not in this conversation.`)
  }
  return conversation
}

/** What Slack shows when the app did not take an interaction. */
export function shown(ack: Ack, appName: string): ActResult {
  switch (ack.kind) {
    case 'acked':
      return { ok: true, ackMs: ack.ms }
    case 'timeout':
      return { ok: false, error: `${appName} did not respond in time`, ackMs: ack.ms }
    case 'status':
      return { ok: false, error: `${appName} responded with status code ${ack.status}`, ackMs: ack.ms }
    case 'unreachable':
      return { ok: false, error: `${appName} could not be reached`, ackMs: ack.ms }
  }
}
