/** auth.test, api.test, team.info, bots.info, apps.connections.open, oauth.v2.access. */
import { optionalText } from '../args.ts'
import { SlackError } from '../slackError.ts'
import type { Methods } from './method.ts'

export const appMethods: Methods = {
  'api.test': {
    token: 'none',
    scope: null,
    run: (_context, args) => {
      const error = optionalText(args, 'error')
      if (error !== undefined) throw new SlackError(error, { args })
      return { args }
    },
  },
  'auth.test': {
    token: 'bot',
    scope: null,
    run: ({ workspace: { team, app }, origin }) => ({
      url: `${origin()}/`,
      team: team.name,
      user: app.name.toLowerCase(),
      team_id: team.organisationWide ? team.enterprise?.id : team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      ...(team.enterprise && { enterprise_id: team.enterprise.id }),
      is_enterprise_install: team.organisationWide === true,
    }),
  },
  'team.info': {
    token: 'bot',
    scope: 'team:read',
    run: ({ workspace: { team } }) => ({ team: { id: team.id, name: team.name, domain: team.domain } }),
  },
  'bots.info': {
    token: 'bot',
    scope: 'users:read',
    run: ({ workspace: { app } }, args) => {
      if (optionalText(args, 'bot') !== app.botId) throw new SlackError('bot_not_found')
      const bot = {
        id: app.botId,
        app_id: app.id,
        user_id: app.botUserId,
        name: app.name,
        deleted: false,
        updated: 1,
      }
      return { bot }
    },
  },
  // Only what gets the next tokens of an app that is installed: installing is not played here.
  'oauth.v2.access': {
    token: 'none',
    scope: null,
    run: ({ workspace: { team, app }, tokens }, args) => {
      if (optionalText(args, 'grant_type') !== 'refresh_token') throw new SlackError('invalid_grant_type')
      const next = tokens.exchange({
        clientId: optionalText(args, 'client_id') ?? '',
        clientSecret: optionalText(args, 'client_secret') ?? '',
        refreshToken: optionalText(args, 'refresh_token') ?? '',
      })
      const { id, name } = team
      return { ...next, token_type: 'bot', app_id: app.id, bot_user_id: app.botUserId, team: { id, name } }
    },
  },
  'apps.connections.open': {
    token: 'app',
    scope: null,
    run: ({ openSocket }) => ({ url: openSocket() }),
  },
}
