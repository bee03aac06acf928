import { createHash } from 'node:crypto'

/** What an operator says about the app; the rest is the same for all. */
export interface AppDetails {
  /** The app's (client) id, which is the bot's. */
  readonly bot: string
  readonly name: string
  /** Teams takes a package again only under a higher one. */
  readonly version: string
  readonly developer: {
    readonly name: string
    readonly website: string
    readonly privacy: string
    readonly terms: string
  }
}

/** The words that the bot answers; each only reads. */
const commands = [
  { title: 'list', description: 'What waits for you' },
  { title: 'show', description: 'The whole of a request: show req_…' },
  { title: 'why', description: 'Why policy asks for approval of a request: why req_…' },
  { title: 'who', description: 'Who may decide a request, and who may not: who req_…' },
  { title: 'history', description: 'What became of a request: history req_…' },
  { title: 'status', description: 'How a request stands: status req_…' },
  { title: 'help', description: 'What Countersign does here' },
] as const

const scopes = ['team', 'personal'] as const

/** The manifest of the app, as Teams takes it. `validDomains` is empty: no page of ours is shown in Teams. */
export function manifestOf({ bot, name, version, developer }: AppDetails) {
  return {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.16/MicrosoftTeams.schema.json',
    manifestVersion: '1.16',
    version,
    id: appIdOf(bot),
    developer: {
      name: developer.name,
      websiteUrl: developer.website,
      privacyUrl: developer.privacy,
      termsOfUseUrl: developer.terms,
    },
    name: { short: name, full: `${name}: a human's second signature on what AI agents do` },
    description: {
      short: "A human's second signature on privileged actions of AI agents",
      full: 'Agents ask before they do what the policy wants people to see. The request is posted in a channel, with everything that is asked for; whoever the policy names approves or denies it here, and the decision is recorded.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1B4D89',
    bots: [
      {
        botId: bot,
        scopes,
        isNotificationOnly: false,
        supportsFiles: false,
        commandLists: [{ scopes, commands }],
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [],
  }
}

/** Of no other use than to be the same for ever. */
const namespace = Buffer.from('5f0e3d5c6f8a4b0e9c1d7a2b3e4f5a6b', 'hex')

/**
 * The id of the app in Teams, which is not the bot's: made of it (RFC 9562, version 5), so that every package for this bot is a new
 * version of one app.
 */
function appIdOf(bot: string): string {
  const bytes = createHash('sha1').update(namespace).update(bot).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
