import type { Erasable } from '../approvals/erasure/records.ts'
import type { StoreReader } from '../approvals/ports.ts'
import type { Card } from '../approvals/records.ts'
import type { ActionRequest } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'

type Reader = Pick<StoreReader, 'cards' | 'request' | 'entries' | 'rollbacksOf'>

/** What stands where this server has no hand in it, a line each: of a request with links to its messages. */
export async function outOfReach(
  store: Reader,
  { what, id }: Erasable,
  { updateCards }: { readonly updateCards?: boolean },
): Promise<readonly string[]> {
  const lines = ['Not reached, because it stands elsewhere:']
  if (what === 'request') {
    const request = await store.request(id)
    const created = request?.createdAt.slice(0, 10)
    for (const card of await store.cards(request ? cardsOf(request) : id))
      lines.push(
        `  ${messageOf(card)}${isDrawn(card, updateCards) ? ': the card is drawn again, its thread stays' : ''}`,
      )
    lines.push(
      ...(await besideCards(store, id)),
      `  evidence packs, exports and streams to a SIEM made since ${created}; backups of the database`,
      `  the key ${JSON.stringify(request?.idempotencyKey)}, under which the agent asked: it makes no second request`,
    )
  } else {
    lines.push('  what was written in channels: cards and threads that name them')
    lines.push('  evidence packs, exports and streams to a SIEM; backups of the database')
    lines.push('  the names of their accounts, which are learnt again when they do something')
  }
  lines.push(
    '  the name of the action, its resource and environment, and ids of people: they stand in the ledger itself',
  )
  return lines
}

/** The request whose cards show it: of what was asked together with others, the one that carries their card. */
function cardsOf(request: ActionRequest): string {
  return request.rollsBack === undefined ? carrierOf(request) : request.id
}

/** What else was told of a request, and is on no card of it; and what has words of its own about the same. */
async function besideCards({ entries, rollbacksOf }: Reader, id: string): Promise<readonly string[]> {
  const alarms = (await entries(id)).flatMap(({ type, data: { address } }) =>
    type === 'alarm.sent' && typeof address === 'string' ? [address] : [],
  )
  const rollbacks = (await rollbacksOf([id])).filter(({ erased }) => !erased)
  return [
    ...[...new Set(alarms)].map(
      (address) => `  an alarm in ${placeOf(address)}, with the reasons that people gave`,
    ),
    ...rollbacks.map(
      (one) => `  ${one.id}, which undoes it and stands on its card, too: erase that by itself`,
    ),
  ]
}

function isDrawn({ status }: Card, updateCards = false): boolean {
  return updateCards && status === 'posted'
}

/** Of a request that is empty already: when that was, and what its cards say, a line each. */
export async function saidErased(store: Reader, request: ActionRequest): Promise<readonly string[]> {
  const { id, version, erased } = request
  if (!erased) return []
  const lines = [`${id} was erased at ${erased.at} (${erased.entry}): nothing is left to erase.`]
  const carrier = cardsOf(request)
  for (const card of await store.cards(carrier))
    lines.push(
      carrier !== id && card.status === 'posted'
        ? `  ${messageOf(card)}: lists it with others, and is drawn again without it; its thread stays`
        : card.status === 'posted' && card.shown === version
          ? `  ${messageOf(card)}: was drawn again without it; its thread stays`
          : `  ${messageOf(card)}: still has what it asked, so delete it there`,
    )
  return [...lines, ...(await besideCards(store, id))]
}

function messageOf({ conversation, message }: Card): string {
  return message === null
    ? `a message in ${placeOf(conversation)} whose posting was never answered, if there is one`
    : `the message ${linkOf(conversation, message)}`
}

/** `slack:C0DATA` and `1764.0001`: Slack leads whoever is signed in there. A direct message is named with its conversation. */
function linkOf(conversation: string, message: string): string {
  const [kind, id] = conversation.split(':')
  const [ts = '', channel = id] = message.split('/').reverse()
  return kind === 'slack' && channel !== undefined
    ? `https://slack.com/archives/${channel}/p${ts.replace('.', '')}`
    : `${conversation} ${message}`
}

function placeOf(conversation: string): string {
  const [kind, id, more] = conversation.split(':')
  return kind === 'slack' && more === undefined ? `https://slack.com/archives/${id}` : conversation
}
