import { toolDigest } from '../../../src/policy/mcp/toolDigest.ts'
import { actionsYaml, bundleFiles } from '../files.ts'

/** What a server says of a tool of its own; tests review it as they like. */
export const definitions = {
  search: { name: 'search', description: 'Search the pages.', inputSchema: { type: 'object' } },
  mail: { name: 'mail', description: 'Send a page.', inputSchema: { type: 'object' } },
} as const

/** As the agent saw them. */
export const digests = { search: toolDigest(definitions.search), mail: toolDigest(definitions.mail) }

const reviewed = 'reviewed: {by: lee@acme.test, on: "2026-12-01"}'

export const searchLine = `  - name: search
    digest: ${digests.search}
    effect: read
    outside: false
    arguments: {q: string, limit: int?, filters: opaque?}
    ${reviewed}
`
export const mailLine = `  - name: mail
    digest: ${digests.mail}
    effect: write
    outside: true
    arguments:
      to: {type: {list: string}, is: recipient}
      link: {type: string?, is: url}
      file: {type: string?, is: path}
      price: {type: number?, is: amount}
    ${reviewed}
`

export const serverYaml = (tools: string, server = 'docs') =>
  `apiVersion: countersign/v1\nkind: McpServer\nserver: ${server}\nreaches: unknown\nunsaid: {effect: ask, outside: ask}\ntools:\n${tools}`

const call =
  '  mcp.call: {effect: write, tool: {server: server, name: tool, digest: digest, arguments: args}, params: {server: string, tool: string, digest: string?, args: opaque?}}\n'

/** A bundle with a rule about calls, and the tools of one server. */
export const withTools = (
  when: string,
  { tools = searchLine + mailLine, verdict = 'allow', actions = call, path = 'mcp/docs.yaml' } = {},
) =>
  bundleFiles({
    'actions.yaml': actionsYaml + actions,
    'rules/mcp.yaml': `- id: mcp.rule\n  description: About calls.\n  match: {actions: [mcp.call]}\n  when: ${JSON.stringify(when)}\n  verdict: ${verdict}\n`,
    [path]: serverYaml(tools),
  })
