/** users.* and usergroups.*. */
import { type Args, flag, optionalText, requiredText } from '../args.ts'
import { findMember } from '../members.ts'
import { usergroupObject, userObject } from '../objects.ts'
import { page } from '../pages.ts'
import { SlackError } from '../slackError.ts'
import type { Context, Methods } from './method.ts'

export const userMethods: Methods = {
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    run: (context, args) => {
      const member = findMember(context.workspace, optionalText(args, 'user') ?? '')
      if (member === undefined) throw new SlackError('user_not_found')
      return { user: userObject(context.workspace, member, seesEmail(context)) }
    },
  },
  'users.list': {
    token: 'bot',
    scope: 'users:read',
    run: (context, args) => {
      const { items, response_metadata } = page([...context.workspace.members.values()], args)
      const members = items.map((member) => userObject(context.workspace, member, seesEmail(context)))
      return { members, cache_ts: Math.floor(context.workspace.now() / 1000), response_metadata }
    },
  },
  'users.lookupByEmail': {
    token: 'bot',
    scope: 'users:read.email',
    run: (context, args) => {
      const email = requiredText(args, 'email').toLowerCase()
      const found = [...context.workspace.members.values()].find((m) => m.email?.toLowerCase() === email)
      // A deactivated account is not found by its address.
      if (found === undefined || found.deleted || found.bot) throw new SlackError('users_not_found')
      return { user: userObject(context.workspace, found, true) }
    },
  },
  'usergroups.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run: ({ workspace }, args) => {
      refuseWithoutTeam(workspace, args)
      const visible = [...workspace.usergroups.values()].filter(
        (g) => !g.disabled || flag(args, 'include_disabled'),
      )
      return { usergroups: visible.map((g) => usergroupObject(workspace, g, flag(args, 'include_users'))) }
    },
  },
  'usergroups.users.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run: ({ workspace }, args) => {
      refuseWithoutTeam(workspace, args)
      const group = workspace.usergroups.get(requiredText(args, 'usergroup'))
      if (group === undefined) throw new SlackError('no_such_subteam')
      if (group.disabled && !flag(args, 'include_disabled')) throw new SlackError('no_such_subteam')
      return { users: group.users }
    },
  },
}

/** The token of an organisation-wide install does not say whose groups are meant. */
function refuseWithoutTeam({ team }: Context['workspace'], args: Args): void {
  if (!team.organisationWide) return
  const given = optionalText(args, 'team_id')
  if (given === undefined) throw new SlackError('missing_argument')
  if (given !== team.id) throw new SlackError('team_not_found')
}

function seesEmail(context: Context): boolean {
  return context.scopes.includes('users:read.email')
}
