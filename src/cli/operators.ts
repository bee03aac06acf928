import { accountOf, currentPerson } from '../approvals/people/currentPeople.ts'
import { addOperatorKey, revokeOperatorKey } from '../approvals/people/operatorKeys.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
import { paint, say } from './say.ts'

export function addKeyCommand(options: { readonly person: string; readonly days: string }): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const { key, credential, confirmation } = await addOperatorKey(ports, {
      person: personClaim(options.person),
      days: Number(options.days),
      via: 'cli',
      shell: thisShell(),
    })
    say(`${paint('green', '✓')} ${paint('bold', key.id)} is made, until ${key.endsAt.slice(0, 10)}.`)
    say()
    say(`  COUNTERSIGN_OPERATOR_KEY=${paint('cyan', credential)}`)
    say()
    say('It is shown only now. Commands that have it in their environment act as its person, for that')
    say("person's own agents and their keys and for nothing else.")
    sayAsked(confirmation, config)
    return 0
  })
}

export function listKeysCommand(): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const keys = await ports.store.operatorKeys()
    if (keys.length === 0)
      say('No operator keys. Make one with: countersign operators keys add --person <person>')
    const now = ports.clock().toISOString()
    for (const key of keys) {
      const person = await accountOf(ports, await currentPerson(ports, key.person))
      const state = key.status === 'active' && now >= key.endsAt ? 'over' : key.status
      const use = key.usedAt === null ? 'never used' : `used ${key.usedAt.slice(0, 10)}`
      say(
        `${key.id}  ${state.padEnd(11)}  ${person?.name ?? key.account}  until ${key.endsAt.slice(0, 10)}  ${use}`,
      )
    }
    return 0
  })
}

export function revokeKeyCommand(id: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    await revokeOperatorKey(ports, { key: id, via: 'cli', shell: thisShell() })
    say(`${paint('green', '✓')} ${paint('bold', id)} is revoked.`)
    return 0
  })
}
