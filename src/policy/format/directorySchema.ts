import type { z } from 'zod'
import type { Source } from '../../core/requirement.ts'
import { declaredPattern } from './demandSchema.ts'
import { type AddressKind, type DirectoryKey, keysFor, workspaceKey } from './directoryKeys.ts'
import { onCallSet } from './onCallSet.ts'
import { coded } from './shape.ts'

/** What a name of the directory stands for. Where people are told is no source of people; it can be several conversations. */
export type Address = { readonly people: Source } | { readonly channels: readonly string[] }

export function readDirectory(
  entries: Record<string, unknown>,
  context: z.RefinementCtx,
): ReadonlyMap<string, Address> {
  const directory = new Map<string, Address>()
  const isOnCall = ([name]: readonly [string, unknown]) => name.startsWith('oncall:')
  const written = Object.entries(entries)
  // Whoever is on call is looked for in a group, wherever that stands.
  for (const [name, value] of [...written.filter((one) => !isOnCall(one)), ...written.filter(isOnCall)]) {
    const found = isOnCall([name, value]) ? readOnCall(name, value, directory) : readAddress(name, value)
    if (typeof found === 'string') context.addIssue({ ...coded('schema/value', found), path: [name] })
    else directory.set(name, found)
  }
  // In the order of the file.
  return new Map(
    written.flatMap(([name]) => {
      const address = directory.get(name)
      return address ? [[name, address] as const] : []
    }),
  )
}

/** A text says what is wrong. */
type Read = Address | string

function readOnCall(name: string, value: unknown, directory: ReadonlyMap<string, Address>): Read {
  const group = (within: string): Source | null => {
    const address = directory.get(within)
    return address && 'people' in address && address.people.kind === 'group' ? address.people : null
  }
  const read = onCallSet(name, value, group)
  return typeof read === 'string' ? read : { people: read }
}

const kinds: readonly string[] = ['group', 'user', 'channel'] satisfies readonly AddressKind[]
const isKind = (kind: string | undefined): kind is AddressKind => kind !== undefined && kinds.includes(kind)

function readAddress(name: string, value: unknown): Read {
  const kind = name.split(':')[0]
  if (!declaredPattern.test(name) || !isKind(kind))
    return `"${name}" must be group:<name>, user:<name>, channel:<name> or oncall:<name>, in lower case.`
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  const { [workspaceKey.property]: workspace, authority, ...ids } = Object.fromEntries(entries)
  const keys = keysFor(kind).filter(({ property }) => property in ids)
  const isWrong = keys.length < Object.keys(ids).length || keys.some((key) => !fits(key, ids[key.property]))
  const [first] = keys
  if (first === undefined || isWrong) return `"${name}" must be ${shapesOf(kind)}.`
  const said = wrongWorkspace(workspace, keys) ?? wrongAuthority(kind, authority, keys)
  if (said !== null) return `"${name}"${said}`
  const addressOf = (key: DirectoryKey) =>
    key.address(
      String(ids[key.property]),
      workspace === undefined || key.authority !== workspaceKey.of ? null : String(workspace),
    )
  if (kind === 'channel') return { channels: keys.map(addressOf) }
  const judging = keys.find((key) => key.authority === authority) ?? first
  const mentioning = keys.find((key) => key !== judging)
  return {
    people: {
      ref: name,
      kind: kind === 'group' ? 'group' : 'account',
      address: addressOf(judging),
      ...(mentioning && { mention: addressOf(mentioning) }),
    },
  }
}

function fits({ pattern }: DirectoryKey, id: unknown): boolean {
  return typeof id === 'string' && pattern.test(id)
}

function shapesOf(kind: AddressKind): string {
  const keys = keysFor(kind)
  const examples = keys.map(({ example }) => example).join(' or ')
  const both = kind === 'channel' ? ', or both' : ''
  return `${keys.map(({ property }) => `{${property}: <id>}`).join(' or ')}${both}, with an id such as ${examples}`
}

function wrongWorkspace(workspace: unknown, keys: readonly DirectoryKey[]): string | null {
  if (workspace === undefined) return null
  const { property, pattern, example, of } = workspaceKey
  if (!keys.some(({ authority }) => authority === of))
    return `: ${property} stands only beside an id of Slack: leave it out.`
  if (typeof workspace === 'string' && pattern.test(workspace)) return null
  return `: ${property} must be the id of a workspace, such as ${example}; leave it out for the first one.`
}

/**
 * Who is in a group is said by one directory: were it two, whoever can add somebody in either could make them an approver. Where the two
 * differ, nobody could say who was meant.
 */
function wrongAuthority(kind: AddressKind, authority: unknown, keys: readonly DirectoryKey[]): string | null {
  const [first, second] = keys
  if (kind !== 'group' && authority !== undefined) return ': only a group has an `authority`: leave it out.'
  if (kind === 'user' && second !== undefined)
    return `: a user is one account, so keep ${first?.property} or ${second.property}, and link the person's other account to it (countersign people link).`
  if (kind !== 'group' || (second === undefined && authority === undefined)) return null
  const judging = keys.find((key) => key.authority === authority)
  if (judging === undefined) {
    const named = keys.map((key) => key.authority).join(' or ')
    return `: say whose people count, with \`authority: ${named}\`.`
  }
  const idle = keys.find((key) => key !== judging && !key.mentionable)
  return idle === undefined
    ? null
    : `: with \`authority: ${judging.authority}\`, ${idle.property} would do nothing, because groups cannot be mentioned there: leave it out.`
}
