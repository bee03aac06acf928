import type { Conversation, Member, Message, Snapshot } from '../../../src/sandbox/wire.ts'

/** A workspace for tests of the page: Alice, Bob and the app; one channel and Alice's direct message. */
export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    team: { id: 'T0', name: 'Acme' },
    app: { id: 'A0', name: 'Countersign', botUserId: 'U0APP' },
    viewer: 'U0ALICE',
    members: [
      member('U0ALICE', 'alice', 'Alice Moreau'),
      member('U0BOB', 'bob', 'Bob'),
      member('U0STONE', 'bstone', 'Bob Stone'),
      { ...member('U0APP', 'countersign', 'Countersign'), bot: true },
    ],
    usergroups: [{ id: 'S0SEC', handle: 'security', name: 'Security', users: ['U0BOB'], disabled: false }],
    conversations: [channel, direct],
    messages: {},
    modals: [],
    home: null,
    commands: [{ command: '/approvals', description: 'What waits', usageHint: '[show <id>]' }],
    shortcuts: [],
    ...change,
  }
}

export const channel: Conversation = {
  id: 'C0DATA',
  kind: 'channel',
  name: 'data',
  topic: '',
  members: ['U0ALICE', 'U0BOB', 'U0APP'],
  unread: 3,
}

export const direct: Conversation = {
  id: 'D0ALICE',
  kind: 'im',
  name: 'Countersign',
  topic: '',
  members: ['U0ALICE', 'U0APP'],
  unread: 0,
}

export function message(ts: string, change: Partial<Message> = {}): Message {
  return {
    ts,
    threadTs: null,
    user: 'U0APP',
    text: '',
    blocks: [],
    ephemeral: false,
    edited: false,
    deleted: false,
    replies: 0,
    ...change,
  }
}

function member(id: string, name: string, realName: string): Member {
  return {
    id,
    name,
    realName,
    email: `${name}@acme.test`,
    title: '',
    color: '335577',
    bot: false,
    deleted: false,
    guest: 'none',
    teamId: 'T0',
  }
}
