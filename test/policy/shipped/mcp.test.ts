import { test } from 'vitest'
import { allows, asks, type Case, expectJudged, platform, security, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'], ...allows('mcp.known') },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { server: 's' },
    ...asks('mcp.unknown'),
    confirm: ['search'],
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { tool: 'drop_database' },
    ...asks('mcp.unknown'),
    confirm: ['drop_database'],
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { digest: `sha256:${'0'.repeat(64)}` },
    ...asks('mcp.unknown'),
    confirm: ['search'],
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { digest: null },
    ...asks('mcp.unknown'),
    confirm: ['search'],
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { arguments: { q: 'x', everything: true } },
    ...asks('mcp.unknown'),
    confirm: ['search'],
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { tool: 'get_secret' },
    ...asks('mcp.credentials', 'mcp.unknown'),
    legs: [...platform.legs, security],
    confirm: ['get_secret'],
  },
  { ask: ['mcp.tool.call', 'prod', 'mcp_server unknown'], ...asks('mcp.unknown'), confirm: ['search'] },
]

test.each(cases)(title, expectJudged)
