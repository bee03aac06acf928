import { expect, test } from 'vitest'
import { setAgentTags } from '../../src/approvals/people/agentTags.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { openHouse, readBody } from './house.ts'

const policy = testBundle({
  ...bundleFiles,
  'rules/tagged.yaml': `- id: tagged
  description: Agents that are watched read nothing.
  match: {actions: [repo.read], agents: ["billing-*"]}
  when: |
    "watched" in agent.tags
  verdict: deny
`,
})

test('another-agents-name: what the operator calls an agent counts from its next request on, and nothing that it says of itself', async () => {
  const house = await openHouse()
  house.setPolicy(policy)
  const asked = () => house.submit(readBody)
  const set = (tags: readonly string[]) =>
    setAgentTags(
      { ...house.ports, confirms: false },
      {
        via: 'cli',
        name: 'billing-agent',
        by: { email: 'lee@acme.test' },
        tags,
      },
    )

  expect((await asked()).body).toMatchObject({ verdict: { kind: 'allow' } })
  await set(['watched'])
  expect((await asked()).body).toMatchObject({ verdict: { kind: 'deny', rules: ['tagged'] } })
  await set([])
  expect((await asked()).body).toMatchObject({ verdict: { kind: 'allow' } })

  const said = await house.submit({ ...readBody, agent: { name: 'other' } })
  expect(said.status).toBe(400)
})
