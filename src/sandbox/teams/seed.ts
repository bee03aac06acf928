/** Acme again, as it stands in its own Microsoft 365: many of the people are those of the local Slack. */
import type { TeamsSeed } from './tenant.ts'
import type { TeamsPerson } from './wire.ts'

/** All ids here are `XXXXXXXX-0000-4000-a000-0000000000NN`: the first part says who or what it is, as far as hex can. */
const id = (first: string, last: number) => `${first}-0000-4000-a000-${String(last).padStart(12, '0')}`

const acme = id('acae0000', 1)
const partner = id('9a47ae40', 2)

/** The people, by the names that they have in the local Slack as well. */
export const teamsIds = {
  tenant: acme,
  partner,
  app: id('c0047e45', 3),
  alice: id('a11ce000', 11),
  lee: id('1ee00000', 12),
  bob: id('b0b00000', 13),
  priya: id('b417a000', 14),
  sam: id('5a300000', 15),
  grace: id('64ace000', 16),
  omar: id('03a40000', 17),
  gwen: id('63e40000', 18),
  max: id('3a800000', 19),
  dana: id('da4a0000', 20),
  /** Only in Teams. */
  nora: id('404a0000', 21),
  platformLeads: id('91a7f000', 31),
  security: id('5ec00000', 32),
  dataOwners: id('da7a0000', 33),
  iamAdmins: id('1a300000', 34),
  releaseManagers: id('4e1ea5e0', 35),
  incidentCommanders: id('14c1de47', 36),
} as const

const thread = (name: string) => `19:${name}@thread.tacv2`

export const teamsChannels = {
  general: thread('acme-operations'),
  approvals: thread('acme-agent-approvals'),
  data: thread('acme-data-approvals'),
  security: thread('acme-security-alerts'),
  deploys: thread('acme-deploys'),
  partner: thread('acme-partner-inc'),
  finance: thread('acme-finance'),
} as const

const people: readonly TeamsPerson[] = [
  person('alice', 'Alice Moreau', { title: 'Developer', color: '#3b6ea5' }),
  person('lee', 'Lee Tanaka', { title: 'Automation lead, owns the agents', color: '#8a5a00' }),
  person('bob', 'Bob Okafor', { title: 'Data owner', color: '#2f7d5b' }),
  person('priya', 'Priya Nair', { title: 'Security and data protection', color: '#8b3f8f' }),
  person('sam', 'Sam Weber', { title: 'Release manager', color: '#a8443a' }),
  person('grace', 'Grace Kim', { title: 'Platform lead, on call', color: '#22707a' }),
  person('omar', 'Omar Haddad', { title: 'Owner of the warehouse', color: '#5b5fb0' }),
  person('nora', 'Nora Lindqvist', { title: 'Finance, not in Slack', color: '#7d5a8c' }),
  person('gwen', 'Gwen Ortiz', {
    title: 'Contractor',
    color: '#6b7280',
    email: 'gwen@contractor.test',
    guest: true,
  }),
  person('max', 'Max Stranger', {
    title: 'Works at Partner Inc',
    color: '#7a4b2a',
    email: 'max@partner.test',
    tenant: partner,
  }),
  person('dana', 'Dana Fox', { title: 'Left in spring', color: '#9ca3af', enabled: false }),
]

const staff = people.filter((one) => one.enabled && !one.guest && one.tenant === acme).map((one) => one.id)

/** The whole tenant: people, groups, teams and the app. */
export const acmeTeams: TeamsSeed = {
  tenant: { id: acme, name: 'Acme' },
  app: { id: teamsIds.app, name: 'Countersign' },
  people,
  groups: [
    group('platformLeads', 'Platform leads', 'grace', 'sam'),
    group('security', 'Security', 'priya', 'sam'),
    group('dataOwners', 'Data owners', 'bob', 'priya'),
    // Everybody in Security by being there, and Grace.
    group('iamAdmins', 'IAM admins', 'security', 'grace'),
    group('releaseManagers', 'Release managers', 'sam', 'grace'),
    group('incidentCommanders', 'Incident commanders', 'grace', 'omar'),
  ],
  teams: [
    {
      id: teamsChannels.general,
      groupId: id('7ea30000', 41),
      name: 'Operations',
      installed: true,
      channels: [
        channel('general', 'General', 'Everybody at Acme'),
        // The guest and the stranger are here to be refused: anybody in a channel can press what is in it.
        channel('approvals', 'Agent approvals', 'What agents ask for', teamsIds.gwen, teamsIds.max),
        channel('data', 'Data approvals', 'Exports, copies and queries'),
        channel('security', 'Security alerts', 'Roles, tokens and alarms'),
        channel('deploys', 'Deploys', 'What goes to production'),
      ],
    },
    {
      id: teamsChannels.finance,
      groupId: id('7ea30000', 42),
      name: 'Finance',
      installed: false,
      channels: [channel('finance', 'General', 'Countersign is not in this team')],
    },
  ],
}

function person(
  key: keyof typeof teamsIds,
  name: string,
  face: Pick<TeamsPerson, 'title' | 'color'> & Partial<TeamsPerson>,
): TeamsPerson {
  return {
    id: teamsIds[key],
    name,
    email: `${key}@acme.test`,
    guest: false,
    enabled: true,
    tenant: acme,
    ...face,
  }
}

function group(key: keyof typeof teamsIds, name: string, ...members: readonly (keyof typeof teamsIds)[]) {
  return { id: teamsIds[key], name, members: members.map((member) => teamsIds[member]) }
}

function channel(key: keyof typeof teamsChannels, name: string, topic: string, ...also: readonly string[]) {
  return { id: teamsChannels[key], name, topic, members: [...staff, ...also] }
}
