/**
 * By which keys a name of the directory can stand for something: of which directory its people are, or in which channel they are told. One row for
 * each key; nothing else of the policy's format knows a channel.
 */
export interface DirectoryKey {
  readonly kind: AddressKind
  readonly property: string
  /** Whose directory it is of, as `authority` names it. */
  readonly authority: Authority
  readonly pattern: RegExp
  readonly example: string
  /** Whether a message can call a group by it. */
  readonly mentionable: boolean
  /** `workspace` is null where none is named. */
  readonly address: (id: string, workspace: string | null) => string
}

export type AddressKind = 'group' | 'user' | 'channel'

type Authority = 'slack' | 'entra'

/** Beside a key of Slack: of which workspace it is. Left out: the first. */
export const workspaceKey = {
  property: 'slack_workspace',
  of: 'slack',
  pattern: /^T[A-Z0-9]{1,30}$/,
  example: 'T012ABCDEF',
} as const

const inSlack = {
  authority: 'slack',
  mentionable: true,
  address: (id: string, workspace: string | null) =>
    workspace === null ? `slack:${id}` : `slack:${workspace}/${id}`,
} as const

/** Objects of Entra: their ids are the same in any case, and are compared in lower case. */
const inEntra = {
  authority: 'entra',
  mentionable: false,
  pattern: /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/,
  example: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  address: (id: string) => `teams:${id.toLowerCase()}`,
} as const

const directoryKeys: readonly DirectoryKey[] = [
  {
    ...{ kind: 'group', property: 'slack_usergroup', ...inSlack },
    ...{ pattern: /^S[A-Z0-9]{1,30}$/, example: 'S012ABCDEF' },
  },
  {
    ...{ kind: 'user', property: 'slack_user', ...inSlack },
    ...{ pattern: /^[UW][A-Z0-9]{1,30}$/, example: 'U012ABCDEF' },
  },
  {
    ...{ kind: 'channel', property: 'slack_channel', ...inSlack },
    ...{ pattern: /^[CG][A-Z0-9]{1,30}$/, example: 'C012ABCDEF' },
  },
  { kind: 'group', property: 'entra_group', ...inEntra },
  { kind: 'user', property: 'entra_user', ...inEntra },
  {
    ...{ kind: 'channel', property: 'teams_channel', authority: 'entra', mentionable: false },
    // As Teams writes it: unlike an object's id, it is another one in another case.
    pattern: /^19:[A-Za-z0-9_-]{1,200}@thread\.(?:tacv2|skype)$/,
    example: '19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2',
    address: (id) => `teams:${id}`,
  },
]

export function keysFor(kind: AddressKind): readonly DirectoryKey[] {
  return directoryKeys.filter((one) => one.kind === kind)
}

/** The address of a person by the id alone; what fits no key is read as one of the first directory. */
export function userAddress(id: string): string {
  const users = keysFor('user')
  const key = users.find(({ pattern }) => pattern.test(id)) ?? users[0]
  return key ? key.address(id, null) : id
}
