import { expect, test } from 'vitest'
import type { Submission } from '../../../src/approvals/submission.ts'
import type { Json } from '../../../src/core/json.ts'
import { parseSetSubmission, parseSubmission } from '../../../src/http/submissionSchema.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { countedBy } from '../../../src/policyTools/tests/statedBudgets.ts'
import { examples } from '../../../src/sandbox/examples.ts'
import { bundle } from './judge.ts'

const person = { id: 'per_alice', email: 'alice@acme.test', groups: ['eng'] }

/** What the side panel of the sandbox promises of each of its requests. */
const promised: Readonly<Record<string, string>> = {
  'Export customers, with e-mail addresses': 'require_approval: data-owner, security',
  'Small export from staging': 'allow',
  'Look something up in the handbook': 'allow',
  'The same tool, and its server has changed it': 'require_approval: platform',
  'See whose port it is': 'allow',
  'The same command, and one more behind it': 'require_approval: platform',
  'Read findings where all data is made up': 'allow',
  'Read what production hands to a program': 'require_approval: platform, security',
  'Refund 20 euros': 'allow',
  'Change a server, and replace its database with it': 'require_approval: platform',
  'Give a role more rights': 'require_approval: iam',
  'Create an administrator’s token': 'require_approval: security',
  'Deploy to production': 'require_approval: release',
  'Three deploys, asked together':
    'require_approval: release; require_approval: release; require_approval: release',
  'A deploy, asked again and again': 'require_approval: release',
  'Deploy, with its way back': 'require_approval: release',
  'Roll back, and nobody is there': 'require_approval: release, then group:incident-commanders',
  'Delete audit logs': 'deny',
  'Something nobody has thought of': 'require_approval: platform',
  'A sub-agent asks': 'require_approval: data-owner, security',
  'Almost the name of a table': 'deny',
  'Nobody answers for the agent any more': 'require_approval: platform',
  'More than fits on a card': 'require_approval: data-owner',
  'Text that tries to fool the reader': 'require_approval: data-owner, security',
}

test('the requests of the sandbox are judged as its side panel promises', () => {
  const said = ({ action, reason }: Pick<Submission, 'action' | 'reason'>, agent: string) => {
    const { verdict, requirement } = evaluate(bundle, {
      action,
      ...countedBy(bundle, { action, agent: 'agt_1', stated: {}, initiator: null }),
      agent: {
        id: 'agt_1',
        name: 'billing-agent',
        model: 'm',
        owner: agent === 'reports-agent' ? { ...person, left: true } : person,
      },
      initiator: { ...person, kind: 'human' },
      request: { reason: reason ?? '', source: 'api' },
      at: '2026-11-24T14:00:00Z',
    })
    const legs = requirement?.legs.map(({ name }) => name).join(', ')
    const then = requirement?.escalate.map(({ to }) => `, then ${to.ref}`).join('') ?? ''
    return legs === undefined ? verdict.kind : `${verdict.kind}: ${legs}${then}`
  }
  const judged = examples.map(({ title, agent, body }) => {
    const plain: Json = JSON.parse(JSON.stringify(body))
    if (!Object.hasOwn(Object(plain), 'requests')) return [title, said(parseSubmission(plain), agent)]
    const { members, reason } = parseSetSubmission(plain)
    return [title, members.map(({ action }) => said({ action, reason }, agent)).join('; ')]
  })

  expect(Object.fromEntries(judged)).toEqual(promised)
})
