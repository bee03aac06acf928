import { acme } from '../../src/sandbox/seed.ts'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import type { Member } from '../../src/sandbox/wire.ts'
import { channelId, unshared } from './company.ts'

export const organisationId = 'E0ORG'

/** The id of a member in the organisation: `W0BOB` for `U0BOB`. */
export const globalId = (id: string) => `W${id.slice(1)}`

/** Somebody at home in a sister workspace, whom Slack knows by one id everywhere. */
export const sister = 'W0NINA'
/** Of the sister workspace too, and in no group. */
export const otherSister = 'W0OTIS'
/** A stranger of another company, through Slack Connect. */
export const stranger = 'U0MAX'
/** As many as no minute has look-ups for. */
export const crowd = Array.from({ length: 141 }, (_, nth) => `U0M${String(nth + 1).padStart(3, '0')}`)

const [template] = acme.members
const member = (id: string, different: Partial<Member> = {}): Member => {
  if (!template) throw new Error('Acme has nobody')
  const name = id.toLowerCase()
  return { ...template, id, name, realName: name, email: `${name}@acme.test`, ...different }
}
const inOrganisation = (one: Member): Member =>
  one.teamId === acme.team.id || one.teamId === 'T0SISTER'
    ? { ...one, enterprise: { id: organisationId, userId: globalId(one.id) } }
    : one

/** Acme as one workspace of an Enterprise organisation: a sister workspace, a group of 141, a stranger in the channel. */
export function organisation(
  options: {
    readonly listed?: readonly string[]
    /** The app is installed in the whole organisation. */
    readonly organisationWide?: true
  } = {},
): Seed {
  const { listed = crowd } = options
  const sisters = [member(sister, { teamId: 'T0SISTER' }), member(otherSister, { teamId: 'T0SISTER' })]
  const everybody = [...acme.members, ...sisters, ...crowd.map((id) => member(id))]
  const guests = [sister, otherSister, stranger, ...crowd]
  return unshared({
    ...acme,
    team: {
      ...acme.team,
      enterprise: { id: organisationId, name: 'Organisation' },
      ...(options.organisationWide && { organisationWide: true }),
    },
    members: everybody.map(inOrganisation),
    usergroups: acme.usergroups.map((group) => {
      if (group.id === 'S0PLATFORM') return { ...group, users: [...group.users, sister] }
      return group.id === 'S0IAM' ? { ...group, users: listed } : group
    }),
    channels: acme.channels.map((channel) =>
      channel.id === channelId ? { ...channel, members: [...channel.members, ...guests] } : channel,
    ),
  })
}
