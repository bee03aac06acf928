import type { Asked, AskedAs, Confirmable, Confirmation } from '../../src/core/confirmation.ts'

/** One person's side of a claim. */
export interface Side {
  readonly mine: Asked
  readonly confirmation: Confirmation
}

const asked = (name: string, as: AskedAs, answer: Asked['answer'] = null): Asked => ({
  person: `per_${name}`,
  account: `slack:T0ACME:U0${name.toUpperCase()}`,
  name,
  as,
  answer,
  message: null,
})

function side(
  what: Confirmable,
  people: readonly [Asked, ...Asked[]],
  state: Confirmation['state'] = 'waiting',
): Side {
  return {
    mine: people[0],
    confirmation: {
      id: 'cnf_01kb',
      version: 1,
      what,
      asked: people,
      shell: { user: 'root', host: 'prod-1' },
      via: 'cli',
      state,
      createdAt: '2026-11-24T14:00:00.000Z',
      until: '2026-11-25T14:00:00.000Z',
    },
  }
}

/** The same, by somebody who gave away what is theirs in their channel. */
function inPerson({ mine, confirmation }: Side): Side {
  const shell = { user: 'unknown', host: 'unknown' }
  return { mine, confirmation: { ...confirmation, via: 'slack', shell } }
}

const key = { kind: 'key', agent: 'agt_1', name: 'nightly', key: 'key_1', first: true } as const
const handOver = {
  kind: 'owner',
  agent: 'agt_1',
  name: 'nightly',
  from: 'per_lee',
  to: 'per_noor',
  by: 'per_sam',
} as const
const policy = {
  kind: 'policy',
  author: 'per_lee',
  files: 'f',
  base: 'b',
  digest: `sha256:4181cb8f70ed${'0'.repeat(52)}`,
  name: 'starter',
} as const
const unlink = { kind: 'unlink', author: 'per_lee', account: 'slack:T0ACME:U0BOB', name: 'bob' } as const
const operatorKey = {
  kind: 'operator_key',
  person: 'per_lee',
  key: 'opk_1',
  endsAt: '2026-12-24T14:00:00.000Z',
} as const

const auditorKey = { ...operatorKey, kind: 'auditor_key', key: 'adk_1' } as const

/** Alice asked for it from her own account; Omar's has the code. */
function byCode(answer: Asked['answer'], state?: Confirmation['state']): Side {
  const code = { until: '2026-11-24T14:10:00.000Z', wrong: 0 }
  const link = { kind: 'link', from: 'per_2', to: 'per_1' } as const
  return inPerson(
    side(
      link,
      [{ ...asked('omar', 'account', answer), code }, asked('alice', 'account', 'confirmed')],
      state,
    ),
  )
}

/** Every kind of claim and every state of one, as somebody who is asked meets it. */
export const claims: Readonly<Record<string, Side>> = {
  'a new agent': side(key, [asked('lee', 'owner_and_creator')]),
  'a new agent whose key somebody else makes, to its owner': side(key, [
    asked('lee', 'agent_owner'),
    asked('alice', 'key_creator', 'confirmed'),
  ]),
  'a key, to its maker': side(key, [asked('alice', 'key_creator'), asked('lee', 'agent_owner')]),
  'a new key of an agent, to its owner': side({ ...key, first: false }, [asked('lee', 'owner_and_creator')]),
  'an agent, to its new owner': side(handOver, [asked('noor', 'new_owner'), asked('lee', 'agent_owner')]),
  'an agent, to its new owner, when the one of before has left': side(handOver, [asked('noor', 'new_owner')]),
  'an agent, to the owner whom it leaves': side(handOver, [
    asked('lee', 'agent_owner'),
    asked('noor', 'new_owner', 'confirmed'),
  ]),
  'an agent, to its new owner, from the one of before in person': inPerson(
    side(handOver, [asked('noor', 'new_owner'), asked('lee', 'agent_owner', 'confirmed')]),
  ),
  'a hand-over in person that the new owner disowned': inPerson(
    side(
      handOver,
      [asked('noor', 'new_owner', 'disowned'), asked('lee', 'agent_owner', 'confirmed')],
      'disowned',
    ),
  ),
  'a hand-over that somebody disowned': side(
    handOver,
    [asked('noor', 'new_owner', 'disowned'), asked('lee', 'agent_owner', 'confirmed')],
    'disowned',
  ),
  'two accounts': side({ kind: 'link', from: 'per_2', to: 'per_1' }, [
    asked('lee', 'account'),
    asked('omar', 'account'),
  ]),
  'two accounts by a code': byCode(null),
  'two accounts by a code that was entered': byCode('confirmed', 'confirmed'),
  'two accounts by a code, disowned': byCode('disowned', 'disowned'),
  'a change of the policy': side({ ...policy, reason: 'Exports need no owner.\n*really*' }, [
    asked('lee', 'author'),
  ]),
  'parting accounts': side({ ...unlink, reason: null }, [asked('lee', 'author')]),
  'a key for scripts': side(operatorKey, [asked('lee', 'operator')]),
  'a key for an auditor': side(auditorKey, [asked('lee', 'auditor')]),
  'names that hide something': side({ ...key, name: 'night\u202ely <!channel>' }, [
    asked('lee', 'agent_owner'),
    asked('ali\u200bce', 'key_creator'),
  ]),
  'confirmed, while another has not': side(key, [
    asked('lee', 'agent_owner', 'confirmed'),
    asked('alice', 'key_creator'),
  ]),
  'confirmed by all': side(key, [asked('lee', 'owner_and_creator', 'confirmed')], 'confirmed'),
  disowned: side(key, [asked('lee', 'owner_and_creator', 'disowned')], 'disowned'),
  'disowned by another': side(
    key,
    [asked('alice', 'key_creator'), asked('lee', 'agent_owner', 'disowned')],
    'disowned',
  ),
  lapsed: side(key, [asked('lee', 'owner_and_creator')], 'lapsed'),
  dropped: side(key, [asked('lee', 'owner_and_creator')], 'dropped'),
}
