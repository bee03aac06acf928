import type { Confirmable, Confirmation } from '../core/confirmation.ts'
import { Refusal } from '../core/refusal.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { loadBundle } from '../policy/load.ts'
import { askErasure } from './erasure/askErasure.ts'
import { newEntry } from './newEntry.ts'
import { proposePolicy } from './policy/proposePolicy.ts'
import type { Ports } from './ports.ts'
import { resumeStop } from './stops/resume.ts'
import { unlinkPeople } from './unlinkPeople.ts'

/**
 * The author of a change of policy, or of people, or whoever wants a stop to be resumed or something to be erased, has confirmed that they stand behind it: now it is asked for, once,
 * however often the job runs. When it cannot be any more, the entry says why.
 *
 * @throws Refusal for what passes, and the job is tried again
 */
export async function proposeConfirmed(ports: Ports, id: string): Promise<void> {
  const confirmation = await ports.store.confirmation(id)
  if (confirmation?.state !== 'confirmed') return
  const { what } = confirmation
  if (!isProposable(what)) return
  try {
    if (what.kind === 'policy') await proposePolicyOf(ports, confirmation, what)
    else if (what.kind === 'unlink') await unlink(ports, confirmation, what)
    else if (what.kind === 'erase') await erase(ports, confirmation, what)
    else await resume(ports, confirmation, what)
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.passes) throw refusal
    const entry = refusedEntry(ports, confirmation, { what, refusal })
    await ports.store.commit({ entries: [entry], delivery: `propose ${id}` })
  }
}

function refusedEntry(
  ports: Ports,
  confirmation: Confirmation,
  { what, refusal }: { readonly what: Proposable; readonly refusal: Refusal },
): NewEntry {
  const data = { why: refusal.code, says: refusal.says, confirmation: confirmation.id }
  const actor = { kind: 'system', id: 'policy-tool', via: 'job' } as const
  if (what.kind === 'unlink')
    return newEntry(ports, {
      type: 'parting.refused',
      actor,
      subject: { kind: 'person', id: what.author },
      data,
    })
  if (what.kind === 'resume')
    return newEntry(ports, { type: 'resume.refused', actor, subject: { kind: 'stop', id: what.stop }, data })
  if (what.kind === 'erase')
    return newEntry(ports, {
      type: 'erasure.refused',
      actor,
      subject: { kind: what.what, id: what.id },
      data: { ...data, erases: what.id },
    })
  return newEntry(ports, {
    type: 'policy.refused',
    actor,
    subject: { kind: 'policy', id: what.files },
    data: { ...data, base: what.base },
  })
}

type Proposable = Extract<Confirmable, { kind: 'policy' | 'unlink' | 'resume' | 'erase' }>

function isProposable(what: Confirmable): what is Proposable {
  return ['policy', 'unlink', 'resume', 'erase'].includes(what.kind)
}

async function erase(
  ports: Ports,
  { id, asked, shell, via }: Confirmation,
  what: Extract<Confirmable, { kind: 'erase' }>,
): Promise<void> {
  const [author] = asked
  if (!author) throw new Refusal('not_applicable', 'a question that nobody was asked')
  await askErasure(ports, {
    erasable: { what: what.what, id: what.id },
    by: { address: author.account },
    reason: what.reason,
    updateCards: what.updateCards,
    via,
    shell,
    confirmation: id,
  })
}

async function unlink(
  ports: Ports,
  { id, asked, shell, via }: Confirmation,
  { account, reason }: Extract<Confirmable, { kind: 'unlink' }>,
): Promise<void> {
  const [author] = asked
  if (!author) throw new Refusal('not_applicable', 'a question that nobody was asked')
  await unlinkPeople(ports, {
    account: { address: account },
    by: { address: author.account },
    reason,
    via,
    shell,
    confirmation: id,
  })
}

async function resume(
  ports: Ports,
  { id, asked, shell, via }: Confirmation,
  { stop, reason }: Extract<Confirmable, { kind: 'resume' }>,
): Promise<void> {
  const [author] = asked
  if (!author) throw new Refusal('not_applicable', 'a question that nobody was asked')
  const by = { address: author.account }
  await resumeStop(ports, { stop, by, reason: reason ?? '', via, shell, confirmation: id })
}

async function proposePolicyOf(
  ports: Ports,
  { id, asked, shell, via }: Confirmation,
  what: Extract<Confirmable, { kind: 'policy' }>,
): Promise<void> {
  const version = await ports.store.policyFiles(what.files)
  const active = await ports.store.activePolicy()
  if (active?.filesDigest !== what.base)
    throw new Refusal('not_applicable', 'another policy was activated since the change was compared with it')
  const loaded = version && loadBundle(new Map(Object.entries(version.files)))
  const [author] = asked
  if (!version || !loaded?.ok || !author)
    throw new Refusal('not_applicable', 'the bundle that was proposed cannot be loaded')
  await proposePolicy(ports, {
    bundle: loaded.bundle,
    files: version.files,
    author: { address: author.account },
    reason: what.reason,
    via: via === 'startup' ? 'startup' : 'cli',
    shell,
    confirmation: id,
  })
}
