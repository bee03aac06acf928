/** What the app needs from Slack, in one place. manifest.yml says the same to Slack; a test compares them. */

/** Bot scopes and what each is for. */
export const scopes = {
  'chat:write': 'post and update cards, replies and direct messages',
  commands: '/approvals',
  'app_mentions:read': 'deciding and asking in the thread of a card',
  'users:read': 'who is a guest, a bot, deactivated, or from another organisation',
  'users:read.email': 'finding the initiator that an agent names by e-mail address',
  'usergroups:read': 'who is in the groups that policy asks',
  'channels:read': 'whether a public channel is shared with another organisation',
  'groups:read': 'the same for private channels',
} as const

/** Events and what they are for. */
export const events = {
  app_home_opened: 'publishing Home',
  app_mention: 'deciding and asking in the thread of a card',
  team_join: 'noticing that somebody who joins has the e-mail address of somebody else',
  user_change: 'forgetting what we knew about a person, and noticing another e-mail address',
  subteam_updated: 'forgetting what we knew about groups',
  subteam_members_changed: 'forgetting who is in a group',
  channel_shared: 'noticing that a channel is no longer internal',
  channel_id_changed: 'telling the operator that the policy names a channel by an id it no longer has',
  tokens_revoked: 'telling the operator that cards cannot be posted any more',
  app_uninstalled: 'the same',
} as const

export const slashCommand = '/approvals'

/** Shortcuts by callback id: what Slack offers in the menu of a message, and everywhere. */
export const shortcuts = {
  why_asked: {
    name: 'Why am I asked?',
    type: 'message',
    description: 'The rules behind a card of Countersign, and the facts they saw',
  },
  my_approvals: {
    name: 'My approvals',
    type: 'global',
    description: 'What is waiting for you, and what you asked for',
  },
} as const
