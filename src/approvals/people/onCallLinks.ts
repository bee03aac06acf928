import { createHash } from 'node:crypto'
import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { OnCallList } from '../../core/requirement.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { EntryType, NewEntry } from '../../ledger/entry.ts'
import { newEntry } from '../newEntry.ts'
import type { Shift } from '../onCall.ts'
import type { Directory, Health, Ports } from '../ports.ts'
import type { OnCallLink } from '../records.ts'
import { accountOrNobody } from './humans.ts'
import type { Word } from './word.ts'

type EntryMaking = Pick<Ports, 'store' | 'clock' | 'ids' | 'workspace'>
type LinkPorts = EntryMaking & { readonly directory: Directory; readonly health: Health }

/**
 * The account of somebody who is on call, as the directory names it now, or null when there is none for certain. It is found once, by
 * the address that both have, and kept: an address that changes there later is an alarm and moves nothing, so that nobody
 * becomes somebody else by editing a profile (threats: on-call).
 *
 * @throws DirectoryFault when the directory cannot say
 */
export async function accountOnCall(
  ports: LinkPorts,
  { provider }: OnCallList,
  { user, email }: Shift,
): Promise<AccountKey | null> {
  const id = `${provider}:${user}`
  const known = await ports.store.onCallLink(id)
  const link = known?.account ? await heard(ports, known, email) : await found(ports, { id, known, email })
  if (!link?.account) return null
  return (await accountOrNobody(ports.directory, link.account))?.key ?? null
}

/** Lower case and NFC, and nothing else: what somebody can add to an address is somebody else's here. */
function compared(email: string): string {
  return email.normalize('NFC').toLowerCase().normalize('NFC')
}

function digestOf(email: string): string {
  return createHash('sha256').update(compared(email)).digest('hex')
}

/** Exactly one active full member who has confirmed that very address; two are as good as none. */
async function found(
  ports: LinkPorts,
  of: { readonly id: string; readonly known: OnCallLink | null; readonly email: string | null },
): Promise<OnCallLink | null> {
  const { id, known, email } = of
  if (email === null) return null
  const all = await ports.directory.find({ email: compared(email) })
  const staff = all.filter(
    (account) =>
      whyNotStaff(account) === null && account.email !== null && compared(account.email) === compared(email),
  )
  const [only] = staff
  if (!only || staff.length > 1) return null
  const next: OnCallLink = {
    id,
    version: (known?.version ?? 0) + 1,
    account: only.key,
    email: digestOf(email),
    otherEmail: null,
    linkedAt: ports.clock().toISOString(),
  }
  const entry = await linkEntry(ports, 'oncall.linked', next)
  const put = { expected: known?.version ?? null, next }
  const committed = await ports.store.commit({ onCallLinks: [put], entries: [entry] })
  ports.health.clear('on_call_changed', id)
  // Another replica was first, and what it kept holds.
  return committed === 'applied' ? next : ports.store.onCallLink(id)
}

/** Says so once for each other address; while it is another one, this process is unwell. */
async function heard(ports: LinkPorts, known: OnCallLink, email: string | null): Promise<OnCallLink> {
  if (email === null) return known
  const digest = digestOf(email)
  const otherEmail = digest === known.email ? null : digest
  if (otherEmail === null) ports.health.clear('on_call_changed', known.id)
  else
    ports.health.raise(
      'on_call_changed',
      `${known.id} has another address than the one by which it was linked: look whose it is, and run countersign oncall unlink ${known.id} if it is somebody else's.`,
      known.id,
    )
  if (otherEmail === known.otherEmail) return known
  const next: OnCallLink = { ...known, version: known.version + 1, otherEmail }
  const entries = otherEmail === null ? [] : [await linkEntry(ports, 'oncall.differs', next)]
  const committed = await ports.store.commit({
    onCallLinks: [{ expected: known.version, next }],
    entries,
  })
  return committed === 'applied' ? next : ((await ports.store.onCallLink(known.id)) ?? known)
}

/**
 * An operator takes a link back; the next time that user is on call, the account is found anew, by the address of then.
 *
 * @throws Refusal `unknown_person` when there is no such link, `busy`
 */
export async function unlinkOnCall(ports: EntryMaking, ask: Word & { readonly id: string }) {
  const known = await ports.store.onCallLink(ask.id)
  if (!known?.account)
    throw new Refusal('unknown_person', 'no such link of an on-call service', [
      { pointer: '/id', detail: 'Run countersign oncall list for those that there are.' },
    ])
  const next: OnCallLink = { ...known, version: known.version + 1, account: null, otherEmail: null }
  const entry = await linkEntry(ports, 'oncall.unlinked', known, ask)
  const committed = await ports.store.commit({
    onCallLinks: [{ expected: known.version, next }],
    entries: [entry],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the link changed while it was taken back')
}

async function linkEntry(
  ports: EntryMaking,
  type: Extract<EntryType, `oncall.${string}`>,
  link: OnCallLink,
  word: Word | null = null,
): Promise<NewEntry> {
  const { id, account } = link
  const person = account === null ? null : await ports.store.account(account)
  return newEntry(ports, {
    type,
    actor: word
      ? { kind: 'system', id: 'operator', via: word.via }
      : { kind: 'system', id: 'directory', via: 'on call' },
    subject: { kind: 'person', id: person?.person ?? account ?? id },
    data: { user: id, account },
    kept: { shell: word?.shell ? { ...word.shell } : undefined },
  })
}
