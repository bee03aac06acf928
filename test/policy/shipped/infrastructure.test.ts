import { test } from 'vitest'
import { allows, asks, type Case, expectJudged, title } from './judge.ts'

const cases: readonly Case[] = [
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { stack: 'sandbox-lee' },
    ...allows('infra.sandbox'),
  },
  {
    ask: ['infra.apply', 'prod', 'stack sandbox-lee'],
    params: { stack: 'sandbox-lee' },
    ...asks('infra.apply'),
  },
  { ask: ['infra.apply', 'dev', 'stack sandbox-lee'], ...asks('infra.apply') },
  {
    ask: ['infra.apply', 'prod', 'stack network'],
    ...asks('infra.apply'),
    legs: ['platform: 1 of group:platform-leads'],
  },
  {
    ask: ['infra.apply', 'prod', 'stack network'],
    params: { destroys: 1 },
    ...asks('infra.apply', 'infra.destroy'),
    legs: ['platform: 2 of group:platform-leads'],
    confirm: ['network'],
  },
  { ask: ['dns.record.set', 'prod', 'zone acme.test'], ...asks('infra.dns') },
  {
    ask: ['dns.record.set', 'prod', 'zone acme.test'],
    params: { type: 'MX' },
    ...asks('infra.dns', 'infra.dns.mail'),
  },
]

test.each(cases)(title, expectJudged)
