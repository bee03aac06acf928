/** Calls of tools of an MCP server: one that was reviewed as it is, and the same after its server changed it. */
import type { Example } from './wire.ts'

const alice = { email: 'alice@acme.test' }
const billing = { model: 'claude-opus-5', session: 'run-8841', url: 'https://agents.acme.test/runs/8841' }

export const toolExamples: readonly Example[] = [
  {
    title: 'Look something up in the handbook',
    agent: 'billing-agent',
    about:
      'A tool of an MCP server that somebody has reviewed as it is, and that only reads: allowed at once.',
    body: {
      action: 'mcp.tool.call',
      resource: { type: 'mcp_server', id: 'docs-search' },
      params: {
        server: 'docs-search',
        tool: 'search',
        digest: 'sha256:075ba4c32130834563c6bccb4e6662df78cb7a65658d468e2c33a3b0a920a5d9',
        arguments: { q: 'VAT on refunds' },
      },
      environment: 'prod',
      reason: 'A customer asks what we do about it.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'The same tool, and its server has changed it',
    agent: 'billing-agent',
    about:
      'The agent saw another definition than the one that was reviewed, so it counts as a new tool: the platform leads are asked, and the card says why.',
    body: {
      action: 'mcp.tool.call',
      resource: { type: 'mcp_server', id: 'docs-search' },
      params: {
        server: 'docs-search',
        tool: 'search',
        digest: 'sha256:4b0c8a2f6de91735c0e8a1f94b7d2e6350c9f8e7a6b5d4c3b2a1908f7e6d5c4b',
        arguments: { q: 'VAT on refunds' },
      },
      environment: 'prod',
      reason: 'A customer asks what we do about it.',
      initiator: alice,
      run: billing,
    },
  },
]
