import { test } from 'vitest'
import { allows, asks, type Case, expectJudged, security, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'], ...allows('mcp.read-only') },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { server: 's' },
    ...asks('mcp.changes'),
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { open_world_hint: null },
    ...asks('mcp.changes'),
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { tool: 'get_secret' },
    ...asks('mcp.credentials'),
    legs: [security],
  },
  { ask: ['mcp.tool.call', 'prod', 'mcp_server unknown'], ...asks('mcp.changes') },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { read_only_hint: null, destructive_hint: false },
    ...asks('mcp.changes'),
  },
  {
    ask: ['mcp.tool.call', 'prod', 'mcp_server docs-search'],
    params: { read_only_hint: null },
    ...asks('mcp.changes', 'mcp.destructive'),
    confirm: ['search'],
  },
]

test.each(cases)(title, expectJudged)
