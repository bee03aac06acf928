/** Commands and calls of a cloud, which policy reads: what only looks runs at once, and what does more asks. */
import type { Example } from './wire.ts'

const alice = { email: 'alice@acme.test' }
const platform = { model: 'claude-opus-5', session: 'run-9127', url: 'https://agents.acme.test/runs/9127' }

export const commandExamples: readonly Example[] = [
  {
    title: 'See whose port it is',
    agent: 'platform-agent',
    about:
      'Policy reads the command word by word: it only looks, on a development machine that is open to looks with the rights of root. Allowed at once.',
    body: {
      action: 'shell.exec',
      resource: { type: 'host', id: 'dev-7' },
      params: { host: 'dev-7', command: 'sudo -n ss -tlnp | grep :8080' },
      environment: 'dev',
      reason: 'The web server says that its port is taken.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'The same command, and one more behind it',
    agent: 'platform-agent',
    about: 'Restarting a service is no look: a platform lead is asked, whatever stands before it.',
    body: {
      action: 'shell.exec',
      resource: { type: 'host', id: 'dev-7' },
      params: { host: 'dev-7', command: 'sudo -n ss -tlnp | grep :8080; sudo -n systemctl restart web' },
      environment: 'dev',
      reason: 'The web server says that its port is taken.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Read findings where all data is made up',
    agent: 'platform-agent',
    about:
      'The inventory says of this account at AWS that its data is synthetic, and the operation does nothing and hands out no keys: allowed at once.',
    body: {
      action: 'aws.call',
      resource: { type: 'aws_account', id: '777788889999' },
      params: {
        account: '777788889999',
        region: 'eu-central-1',
        service: 'guardduty',
        operation: 'GetFindings',
        arguments: { DetectorId: '12abc34d567e8fa901bc2d34e56789f0', FindingIds: ['a1', 'b2'] },
      },
      environment: 'dev',
      reason: 'What did the scan of last night find?',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Read what production hands to a program',
    agent: 'platform-agent',
    about:
      'A task definition comes with the variables that people put into it, and so with passwords: a platform lead and Security have to agree.',
    body: {
      action: 'aws.call',
      resource: { type: 'aws_account', id: '111122223333' },
      params: {
        account: '111122223333',
        region: 'eu-central-1',
        service: 'ecs',
        operation: 'DescribeTaskDefinition',
        arguments: { taskDefinition: 'payments:41' },
      },
      environment: 'prod',
      reason: 'Which image does payments run?',
      initiator: alice,
      run: platform,
    },
  },
]
