import { resolveAccount } from '../approvals/people/identify.ts'
import { identitiesOf } from '../approvals/people/identities.ts'
import { linkAccounts } from '../approvals/people/linkAccounts.ts'
import { unlinkPeople } from '../approvals/unlinkPeople.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
import { linkFileCommand } from './linkPairs.ts'
import { paint, say } from './say.ts'

/** Parting accounts is an action: nothing is parted before those whom the policy asks have agreed. */
export function unlinkCommand(
  account: string,
  options: { readonly by: string; readonly reason?: string },
): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const unlinked = await unlinkPeople(ports, {
      account: personClaim(account),
      by: personClaim(options.by),
      reason: options.reason ?? null,
      via: 'cli',
      shell: thisShell(),
    })
    if (unlinked.outcome === 'unconfirmed') {
      say('Nothing is parted yet, and nobody else is asked yet.')
      sayAsked(unlinked.confirmation, config)
      return 0
    }
    const { id, state, outcome } = unlinked.request
    say(state === 'pending' ? `Approval has been asked for (${id}).` : `${outcome} (${id})`)
    return state === 'denied' ? 1 : 0
  })
}

/** Every account of somebody's person, as far as each is known to be theirs. */
export function showCommand(account: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const { accounts, waiting } = await identitiesOf(
      ports,
      await resolveAccount(ports, personClaim(account), '/account'),
    )
    for (const { account: key, name, is, signsInAt } of accounts)
      say([key, name, is === 'own' ? 'confirmed' : 'only claimed', ...signsInAt].join('  '))
    for (const { id, until, via } of waiting)
      say(`${paint('yellow', '?')} ${id} waits for an answer until ${until} (asked through ${via})`)
    return 0
  })
}

export function linkCommand(
  account: string | undefined,
  other: string | undefined,
  { file }: { readonly file?: string },
): Promise<number> {
  if (file !== undefined && account === undefined) return linkFileCommand(file)
  if (account === undefined || other === undefined || file !== undefined)
    throw new Refusal('invalid_request', 'neither two accounts nor a file', [
      { pointer: '', detail: 'Name two accounts, or a file with --file, and not both.' },
    ])
  return linkTwo(account, other)
}

function linkTwo(account: string, other: string): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const person = await linkAccounts(ports, {
      account: personClaim(account),
      other: personClaim(other),
      via: 'cli',
      shell: thisShell(),
    })
    say(`${paint('green', '✓')} ${account} and ${other} are one person now (${person}).`)
    say('None of their accounts can approve what another is behind; that holds at once.')
    const [asked] = await ports.store.confirmationsAbout(person)
    if (asked?.what.kind === 'link' && asked.state === 'waiting') sayAsked(asked, config)
    return 0
  })
}
