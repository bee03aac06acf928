/** auth.test, api.test, team.info, bots.info, apps.connections.open. */
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
      team_id: team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      ...(team.enterprise && { enterprise_id: team.enterprise.id }),
      is_enterprise_install: false,
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
  'apps.connections.open': {
    token: 'app',
    scope: null,
    run: ({ openSocket }) => ({ url: openSocket() }),
  },
}
