import { accountNow, hasLeft } from '../approvals/people/hasLeft.ts'
import type { Directory } from '../approvals/ports.ts'
import { revealLine } from '../card/text.ts'
import type { Account } from '../core/identity.ts'
import type { Finding } from './finding.ts'

/** As many accounts are looked up: channels answer about a hundred such questions a minute. */
const mostLookedAt = 90

/** Agents, each with the keys of all accounts of its owner. */
type Owned = readonly { readonly name: string; readonly accounts: readonly string[] }[]

/**
 * Agents whose owner has left, and those of whose owner that is not known. Nothing runs by itself for the former, so a person
 * has to judge what becomes of them, and nothing is broken. Never rejects.
 */
export async function checkOwners(
  agents: Owned,
  {
    directory,
    saysOf,
  }: { readonly directory: () => Promise<Directory>; readonly saysOf: (fault: unknown) => string },
): Promise<readonly Finding[]> {
  try {
    const asked = await directory()
    const keys = [...new Set(agents.flatMap(({ accounts }) => accounts))].slice(0, mostLookedAt)
    const found = new Map<string, Account | null>()
    for (const key of keys) found.set(key, await accountNow(asked, key))
    return findingsOf(agents, found)
  } catch (error) {
    return [{ name: 'owners of agents', ok: false, detail: saysOf(error), fix: null }]
  }
}

function findingsOf(agents: Owned, found: ReadonlyMap<string, Account | null>): readonly Finding[] {
  const judged = agents.map(({ name, accounts }) => {
    const known = accounts.map((key) => found.get(key) ?? null)
    return { name, known, left: hasLeft(known) }
  })
  const left = judged.filter((one) => one.left === true)
  const unknown = judged.filter((one) => one.left === null).map(({ name }) => name)
  return [
    ...left.map(leftFinding),
    ...(unknown.length > 0 ? [unknownFinding(unknown)] : []),
    ...(left.length === 0 && agents.length > unknown.length
      ? [{ name: 'owners of agents', ok: true, detail: 'all who are known are there', fix: null }]
      : []),
  ]
}

function leftFinding({
  name,
  known,
}: {
  readonly name: string
  readonly known: readonly (Account | null)[]
}): Finding {
  const who = known.flatMap((account) =>
    account ? [`${revealLine(account.name).slice(0, 60)} (${account.key})`] : [],
  )
  return {
    name: `agent ${name}`,
    ok: true,
    look: true,
    detail: `its owner has left: ${who.join(', ')}; what policy allows it is asked about or denied`,
    fix: `countersign agents hand-over ${name} --to <person> --by <person>, or countersign agents revoke ${name} --by <person>`,
  }
}

const mostNamed = 10

function unknownFinding(names: readonly string[]): Finding {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return {
    name: 'owners of agents',
    ok: true,
    look: true,
    detail: `no directory says whether the owners of ${names.slice(0, mostNamed).join(', ')}${more} are there`,
    fix: `They may be of another workspace or tenant, or more than ${mostLookedAt}, of whom no more are looked up each time.`,
  }
}
