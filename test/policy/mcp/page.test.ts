import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { at } from '../ask.ts'
import { filesIn, loaded } from '../files.ts'

const page = readFileSync('docs/policy.md', 'utf8')
const ruleOfPage = /```\n# rules\/mcp\.yaml\n([^`]*)```/.exec(page)?.[1] ?? ''
const actionOfPage = /```\n# part of actions\.yaml\n([^`]*)```/.exec(page)?.[1] ?? ''

test('the page shows the action that ships', () => {
  const shipped = filesIn('policies').get('actions.yaml') ?? ''
  const lines = actionOfPage.split('\n').filter((line) => line.trim() !== '')

  expect(lines).toHaveLength(4)
  expect(shipped).toContain(lines[0])
  expect(shipped).toContain(lines[2])
})

test('the rule of the page lets a page be mailed to colleagues, and to nobody else', () => {
  const asking = /- id: mcp.unknown[\s\S]*?(?=\n- id|\n# To)/
  const files = new Map(
    [...filesIn('policies')].map(([path, text]) => [
      path,
      path === 'rules/mcp.yaml' ? text.replace(asking, '') : text,
    ]),
  )
  const bundle = loaded(new Map([...files, ['rules/mail.yaml', ruleOfPage]]))
  const digest = bundle.servers.get('docs-search')?.get('mail_page')?.digest ?? null
  const kindOf = (to: readonly string[]) =>
    evaluate(bundle, {
      action: {
        action: 'mcp.tool.call',
        resource: { type: 'mcp_server', id: 'docs-search' },
        params: { server: 'docs-search', tool: 'mail_page', digest, arguments: { page: 'x', to } },
        environment: 'prod',
      },
      agent: { id: 'agt_1', name: 'bot' },
      at,
    }).verdict.kind

  expect(kindOf(['bob@acme.test'])).toBe('allow')
  expect(kindOf(['bob@acme.test', 'x@evil.test'])).toBe('require_approval')
  expect(kindOf(['Bob <bob@acme.test>'])).toBe('require_approval')
})
