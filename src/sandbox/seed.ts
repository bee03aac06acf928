/** Acme: a small company to try everything in. The ids are those that the policy bundle that ships names. */
import type { Seed } from './slack/workspace.ts'
import type { Member } from './wire.ts'

const team = 'T0ACME'
const partner = 'T0PARTNER'
const bot = 'U0COUNTERSIGN'

/** What the app may do in the sandbox, as its manifest asks for. */
export const sandboxScopes: readonly string[] = [
  'app_mentions:read',
  'channels:read',
  'chat:write',
  'commands',
  'groups:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
]

/** Agents to have ready in the side panel, with the member who owns each. */
export const sandboxAgents = [
  { name: 'billing-agent', owner: 'U0LEE' },
  { name: 'platform-agent', owner: 'U0LEE' },
  // It asks others for Alice.
  { name: 'planning-agent', owner: 'U0BOB' },
  // Dana registered it and left.
  { name: 'reports-agent', owner: 'U0DANA' },
] as const

const people: readonly Member[] = [
  person({ id: 'U0ALICE', realName: 'Alice Moreau', title: 'Developer', color: '#3b6ea5' }),
  person({
    id: 'U0LEE',
    realName: 'Lee Tanaka',
    title: 'Automation lead, owns the agents',
    color: '#8a5a00',
  }),
  person({ id: 'U0BOB', realName: 'Bob Okafor', title: 'Data owner', color: '#2f7d5b' }),
  person({ id: 'U0PRIYA', realName: 'Priya Nair', title: 'Security and data protection', color: '#8b3f8f' }),
  person({ id: 'U0SAM', realName: 'Sam Weber', title: 'Release manager', color: '#a8443a' }),
  person({ id: 'U0GRACE', realName: 'Grace Kim', title: 'Platform lead, on call', color: '#22707a' }),
  person({ id: 'U0OMAR', realName: 'Omar Haddad', title: 'Owner of the warehouse', color: '#5b5fb0' }),
  person(
    { id: 'U0GWEN', realName: 'Gwen Ortiz', title: 'Contractor', color: '#6b7280' },
    { guest: 'single' },
  ),
  person(
    { id: 'U0MAX', realName: 'Max Stranger', title: 'Works at Partner Inc', color: '#7a4b2a' },
    { teamId: partner, email: 'max@partner.test' },
  ),
  person(
    { id: 'U0DANA', realName: 'Dana Fox', title: 'Left in spring', color: '#9ca3af' },
    { deleted: true },
  ),
  {
    ...person({ id: bot, realName: 'Countersign', title: '', color: '#0f5f56' }, { bot: true, email: null }),
    name: 'countersign',
  },
]

const staff = people
  .filter((one) => !one.deleted && one.guest === 'none' && one.teamId === team)
  .map(({ id }) => id)

/** The whole company: people, groups, channels and the app. */
export const acme: Seed = {
  team: { id: team, name: 'Acme', domain: 'acme' },
  app: {
    id: 'A0COUNTERSIGN',
    name: 'Countersign',
    botUserId: bot,
    botId: 'B0COUNTERSIGN',
    commands: [
      {
        command: '/approvals',
        description: 'What is waiting for you, and the history of any request',
        usageHint: '[show <id> | who <id> | why <id> | history | policy | help]',
      },
    ],
    shortcuts: [
      { callbackId: 'why_asked', type: 'message', name: 'Why am I asked?' },
      { callbackId: 'my_approvals', type: 'global', name: 'My approvals' },
    ],
    events: [
      'app_home_opened',
      'app_mention',
      'app_uninstalled',
      'channel_id_changed',
      'channel_shared',
      'subteam_members_changed',
      'subteam_updated',
      'tokens_revoked',
      'team_join',
      'user_change',
    ],
  },
  members: people,
  usergroups: [
    group({ id: 'S0PLATFORM', handle: 'platform-leads', name: 'Platform leads' }, 'U0GRACE', 'U0SAM'),
    group({ id: 'S0SECURITY', handle: 'security', name: 'Security' }, 'U0PRIYA', 'U0SAM'),
    group({ id: 'S0DATA', handle: 'data-owners', name: 'Data owners' }, 'U0BOB', 'U0PRIYA'),
    group({ id: 'S0IAM', handle: 'iam-admins', name: 'IAM admins' }, 'U0PRIYA', 'U0GRACE', 'U0SAM'),
    group({ id: 'S0RELEASE', handle: 'release-managers', name: 'Release managers' }, 'U0SAM', 'U0GRACE'),
    group(
      { id: 'S0INCIDENT', handle: 'incident-commanders', name: 'Incident commanders' },
      'U0GRACE',
      'U0OMAR',
    ),
  ],
  channels: [
    // The guest and the stranger are here to be refused: anybody in a channel can click what is in it.
    channel('C0APPROVALS', 'agent-approvals', 'What agents ask for', 'U0GWEN'),
    channel('C0DATA', 'data-approvals', 'Exports, copies and queries'),
    channel('C0SECURITY', 'security-alerts', 'Roles, tokens and alarms'),
    channel('C0DEPLOYS', 'deploys', 'What goes to production'),
    channel('C0GENERAL', 'general', 'Everybody at Acme'),
    channel('C0PARTNER', 'partner-inc', 'Shared with Partner Inc', 'U0GWEN', 'U0MAX'),
  ],
}

type Face = Pick<Member, 'id' | 'realName' | 'title' | 'color'>

function person(face: Face, different: Partial<Member> = {}): Member {
  const name = (face.realName.split(' ')[0] ?? face.realName).toLowerCase()
  const email = `${name}@acme.test`
  return { ...face, name, email, bot: false, deleted: false, guest: 'none', teamId: team, ...different }
}

function group(names: { id: string; handle: string; name: string }, ...users: readonly string[]) {
  return { ...names, users, disabled: false }
}

function channel(id: string, name: string, topic: string, ...also: readonly string[]) {
  return { id, name, topic, members: [...staff, ...also], shared: also.includes('U0MAX') }
}
