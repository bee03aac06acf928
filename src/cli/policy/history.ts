import { z } from 'zod'
import type { Store } from '../../approvals/ports.ts'
import type { Entry } from '../../ledger/entry.ts'
import { shortId } from '../../policyTools/simulation/simulateText.ts'
import { withStore } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { type Format, type Printed, printed } from './printed.ts'

/** Which bundles were active, who wanted each and who agreed, and what differed; newest first. */
export function historyCommand(options: {
  readonly format: Format
  readonly limit: number
}): Promise<Printed> {
  return withStore(readConfig(), (store) => history(store, options))
}

export async function history(
  store: Pick<Store, 'policyEntries' | 'accountsOf'>,
  { format, limit }: { readonly format: Format; readonly limit: number },
): Promise<Printed> {
  const entries = await store.policyEntries(limit)
  const people = await namesIn(store, entries)
  const text = () => {
    if (entries.length === 0) return 'No policy was ever activated.\n'
    return entries.map((entry) => `${entryLines(entry, people).join('\n')}\n`).join('\n')
  }
  const github = () =>
    entries.map((entry) => {
      const [title = '', ...lines] = entryLines(entry, people)
      const told = lines.map((line) => line.trim()).join('\n')
      return { level: 'notice', title, message: told || title } as const
    })
  return printed(format, { text, json: () => entries, github }, 0)
}

const counted = z.object({ count: z.number(), names: z.array(z.string()) })
const none = { count: 0, names: [] }
/** What activating wrote into the entry (src/approvals/policy/activatePolicy.ts). */
const activated = z.object({
  name: z.string(),
  before: z.string().nullable(),
  by: z.string(),
  approved_by: z.array(z.string()),
  broken_glass: z.string().nullable(),
  files: counted,
  rules_added: counted,
  rules_removed: counted,
  rules_changed: counted,
  other_changes: counted,
  // Entries from before tests were compared do not have these.
  tests_added: counted.default(none),
  tests_removed: counted.default(none),
  tests_changed: counted.default(none),
})
const refused = z.object({ says: z.string() })
/** What beginning and ending a shadow wrote (src/approvals/shadow/). */
const shadowed = z.object({ name: z.string(), shadow: z.string(), why: z.string().exactOptional() })

type Names = ReadonlyMap<string, string>

function entryLines(entry: Entry, people: Names): readonly string[] {
  const at = entry.ts.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
  const digest = shortId(entry.subject.id)
  const aside = entry.type.startsWith('shadow.') ? shadowed.safeParse(entry.data).data : undefined
  if (aside) {
    const what = aside.why === undefined ? 'judges beside the active policy' : `judges no more (${aside.why})`
    return [`${at}  ${aside.name}@${digest}  ${what}  ${aside.shadow}`]
  }
  const told = activated.safeParse(entry.data)
  if (entry.type !== 'policy.activated' || !told.success) {
    const why = refused.safeParse(entry.data)
    return [
      `${at}  ${entry.type}  ${digest}  ${entry.request ?? ''}`,
      `    ${why.success ? why.data.says : ''}`,
    ]
  }
  const { name, before, by, approved_by, broken_glass } = told.data
  const nameOf = (person: string): string => people.get(person) ?? person
  const over = before === null ? 'the first' : `over ${shortId(before)}`
  const agreed =
    approved_by.length > 0 ? [`    approved by ${approved_by.map(nameOf).join(', ')} (${entry.request})`] : []
  const broken =
    broken_glass === null ? [] : [`    the glass was broken by ${nameOf(broken_glass)} (${entry.request})`]
  return [
    `${at}  ${name}@${digest}  ${over}  by ${nameOf(by)} (${entry.actor.via})`,
    ...agreed,
    ...broken,
    // Of the first, everything is new: it says nothing to list it.
    ...(before === null ? [] : differenceLines(told.data)),
  ]
}

function differenceLines(data: z.infer<typeof activated>): readonly string[] {
  const parts = [
    ['rules added', data.rules_added],
    ['rules removed', data.rules_removed],
    ['rules changed', data.rules_changed],
    ['other', data.other_changes],
    ['tests added', quoted(data.tests_added)],
    ['tests removed', quoted(data.tests_removed)],
    ['tests changed', quoted(data.tests_changed)],
    ['files', data.files],
  ] as const
  return parts.flatMap(([what, { count, names }]) => {
    if (count === 0) return []
    const more = count > names.length ? `, and ${count - names.length} more` : ''
    return [`    ${what.padEnd(13)} ${names.join(', ')}${more}`]
  })
}

/** Names of tests are sentences. */
function quoted({ count, names }: z.infer<typeof counted>): z.infer<typeof counted> {
  return { count, names: names.map((name) => `“${name}”`) }
}

async function namesIn(store: Pick<Store, 'accountsOf'>, entries: readonly Entry[]): Promise<Names> {
  const told = entries.flatMap(({ data }) => activated.safeParse(data).data ?? [])
  const ids = new Set(
    told.flatMap(({ by, approved_by, broken_glass }) => [by, ...approved_by, broken_glass ?? '']),
  )
  const names = await Promise.all(
    [...ids].map(async (id): Promise<readonly [string, string][]> => {
      const [account] = id.startsWith('per_') ? await store.accountsOf(id) : []
      return account ? [[id, account.name]] : []
    }),
  )
  return new Map(names.flat())
}
