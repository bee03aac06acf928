import { type Confirmation, unanswered } from '../../core/confirmation.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ComparedFiles } from '../../policyTools/activation/activation.ts'
import { asking, newConfirmation } from '../people/askToConfirm.ts'
import { personOf } from '../people/identify.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { policyToolName } from './policyTool.ts'

/** What its author is to stand behind: these files over those. */
interface Change extends Word {
  readonly reason: string | null
  readonly version: PolicyVersion
  readonly base: PolicyVersion
}

/** `created` is false when they were asked before. */
export interface QuestionToAuthor {
  readonly outcome: 'unconfirmed'
  readonly confirmation: Confirmation
  readonly created: boolean
}

/** At start the change was put before people once already. */
interface AskedBefore {
  readonly outcome: 'asked'
  readonly request: ActionRequest
  readonly created: false
}

/** The idempotency key under which a start asks for a change. */
export function startupKey(files: ComparedFiles): string {
  return `startup ${files.base} ${files.head}`
}

/**
 * Asks whoever was named as the author of a change whether they stand behind it, and keeps its files meanwhile. The same
 * change is asked about once as long as it waits; at start once, whatever became of it.
 *
 * @throws Refusal `busy` when another policy became active meanwhile
 */
export async function askAuthor(
  ports: Ports,
  author: Account,
  change: Change,
): Promise<QuestionToAuthor | AskedBefore> {
  const { version, base, via, reason } = change
  const files = { base: base.filesDigest, head: version.filesDigest }
  if (via === 'startup') {
    const tool = await ports.store.agent(policyToolName(author))
    const request = tool && (await ports.store.requestByKey(tool.id, startupKey(files)))
    if (request) return { outcome: 'asked', request, created: false }
  }
  const person = await personOf(ports, author)
  const same = (await ports.store.confirmationsAbout(person)).filter(
    ({ what }) => what.kind === 'policy' && what.files === files.head && what.base === files.base,
  )
  const waiting = same.find((one) => one.state === 'waiting' && ports.clock().toISOString() < one.until)
  const before = waiting ?? same.find((one) => via === 'startup' && one.via === via)
  if (before) return { outcome: 'unconfirmed', confirmation: before, created: false }

  const confirmation = newConfirmation(
    ports,
    {
      kind: 'policy',
      author: person,
      files: files.head,
      base: files.base,
      digest: version.digest,
      name: version.name,
      reason,
    },
    { word: change, asked: [{ person, account: author, as: 'author' }] },
  )
  const committed = await ports.store.commit({
    ...asking(ports, confirmation),
    policy: { version, activation: null, expected: files.base, at: ports.clock().toISOString() },
  })
  if (committed !== 'applied') throw new Refusal('busy', 'another policy was activated meanwhile')
  return { outcome: 'unconfirmed', confirmation, created: true }
}

/** Who has not confirmed it yet, by name. */
export function namesOf(confirmation: Parameters<typeof unanswered>[0]): string {
  return unanswered(confirmation)
    .map(({ name }) => name)
    .join(' and ')
}
