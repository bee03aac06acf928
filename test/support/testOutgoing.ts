import { type Message, type Outgoing, type Posted, SendFault } from '../../src/approvals/webhooks/outgoing.ts'
import { createOutgoing } from '../../src/outgoing/outgoing.ts'

/** The way out of a test: what was sent, and what is answered to it. */
export interface TestOutgoing extends Outgoing {
  readonly sent: Message[]
  /** Answers by status, or with nothing but a reason; 204 until told otherwise. */
  answer: (message: Message) => number | string | Posted
  /** Addresses that are refused, with why. */
  readonly refused: Map<string, string>
}

export function testOutgoing(): TestOutgoing {
  const sent: Message[] = []
  const refused = new Map<string, string>()
  const rules = createOutgoing({
    opened: [],
    ownOrigin: 'https://countersign.test',
    baseUrl: '',
    version: '',
    callbackSecret: () => '',
    lookUp: (_, found) => found(null, [{ address: '93.184.215.14', family: 4 }]),
  })
  const outgoing: TestOutgoing = {
    sent,
    refused,
    answer: () => 204,
    baseUrl: 'https://countersign.test',
    callbackSecret: (keyId) => `whsec_${Buffer.from(`callback ${keyId}`.padEnd(32)).toString('base64')}`,
    // By the rules of the real one; every name is on the public internet.
    refuse: async (url) => refused.get(url) ?? rules.refuse(url),
    async post(message) {
      sent.push(message)
      const answer = outgoing.answer(message)
      if (typeof answer === 'string') throw new SendFault(answer)
      return typeof answer === 'number' ? { status: answer, retryAfterSeconds: null } : answer
    },
  }
  return outgoing
}
