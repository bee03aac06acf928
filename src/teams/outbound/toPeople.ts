import { NobodyThere } from '../../approvals/ports.ts'
import type { Asked, Confirmation } from '../../core/confirmation.ts'
import { addressOf, conversationIn, objectIn, tenantIn } from '../address.ts'
import { confirmationMessage } from '../card/confirmation.ts'
import type { CardMessage } from '../card/message.ts'
import { teamsSays, within } from './channelFault.ts'
import { type Post, postTo, updateAt } from './posting.ts'

interface Sounding {
  readonly address: string
  /** Object ids of people who hear nothing. */
  readonly but: ReadonlySet<string>
  readonly message: CardMessage
  readonly who: string
}

/** Posts an alarm where it is to be heard. Of a group each member gets it directly. */
export async function sound(by: Post, { address, but, message, who }: Sounding): Promise<void> {
  const to = await within({ method: 'post', conversation: address }, () => hearers(by, address))
  const told = to.filter((one) => !but.has(objectIn(one) ?? ''))
  await by.tellEach(told, (one) => postTo(by, one, { message, who, urgency: 0 }))
}

/** An object of Entra may be a person or a group: what is no person is one. Each of its people is told. */
async function hearers({ directory }: Post, address: string): Promise<readonly string[]> {
  if (conversationIn(address) !== null || tenantIn(address) !== null) return [address]
  if (objectIn(address) === null) throw teamsSays('not_a_teams_conversation', address)
  try {
    await directory.account(address)
    return [address]
  } catch (error) {
    if (!(error instanceof NobodyThere)) throw error
  }
  const members = await directory.members({ kind: 'group', ref: address, address })
  if (members.length === 0) throw teamsSays('nobody_hears', address)
  return members.map((one) => addressOf(objectIn(one) ?? one))
}

interface AskedWith {
  readonly asked: Asked
  readonly confirmation: Confirmation
  /** What they have to enter elsewhere. */
  readonly code: string | null
}

/** Whoever is asked about a claim gets it directly; what became of it stands in the same message. */
export async function askToConfirm(by: Post, { asked, confirmation, code }: AskedWith): Promise<string> {
  const { account: conversation, message } = asked
  const shown = confirmationMessage(asked, confirmation, code)
  const sent = { who: confirmation.id, urgency: Date.parse(confirmation.until), message: shown }
  if (message === null) return postTo(by, conversation, sent)
  await updateAt(by, { conversation, message }, sent)
  return message
}
