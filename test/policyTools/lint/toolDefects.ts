import type { Defect } from './defect.ts'

/** Rules about tools of MCP servers. */
export const toolDefects: readonly Defect[] = [
  {
    code: 'allow/unreviewed-tool',
    what: 'the name of a tool, whatever it does by now',
    seeds: [
      {
        match: 'actions: [mcp.call]',
        verdict: 'allow',
        when: 'tool.server == "docs" && tool.name == "search"',
      },
    ],
    fixed: [
      {
        match: 'actions: [mcp.call]',
        verdict: 'allow',
        when: 'tool.server == "docs" && tool.name == "search" && tool.understood',
      },
    ],
  },
  {
    code: 'allow/unreviewed-tool',
    what: 'a reviewed tool with arguments that nobody has looked at',
    seeds: [
      { match: 'actions: [mcp.call]', verdict: 'allow', when: 'tool.reviewed && tool.effect == "read"' },
    ],
    fixed: [
      { match: 'actions: [mcp.call]', verdict: 'allow', when: 'tool.understood && tool.effect == "read"' },
    ],
  },
]
