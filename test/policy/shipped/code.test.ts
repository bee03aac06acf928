import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, platform, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['repo.read', 'prod', 'repository acme/web'], ...allows('baseline.read-only') },
  {
    ask: ['repo.read', 'prod', 'repository acme/web'],
    params: { repo: 'acme/infrastructure' },
    ...asks(),
    ...platform,
  },
  {
    ask: ['repo.read', 'prod', 'repository acme/infrastructure'],
    params: { repo: 'acme/infrastructure' },
    ...asks(),
    ...platform,
  },
  { ask: ['repo.push', 'dev', 'repository acme/web'], ...allows('code.push.branch') },
  {
    ask: ['repo.push', 'dev', 'repository acme/web'],
    params: { branch: 'main' },
    ...asks('code.push.protected'),
  },
  {
    ask: ['repo.push', 'dev', 'repository acme/web'],
    params: { force: true },
    ...asks('code.push.protected'),
  },
  {
    ask: ['repo.push', 'dev', 'repository acme/web'],
    params: { paths: ['.github/workflows/ci.yml'] },
    ...asks('code.push.protected'),
  },
  {
    ask: ['repo.push', 'dev', 'repository acme/infrastructure'],
    params: { repo: 'acme/infrastructure' },
    ...asks(),
    ...platform,
  },
  {
    ask: ['repo.push', 'dev', 'repository acme/web'],
    params: { repo: 'acme/infrastructure' },
    ...asks(),
    ...platform,
  },
  {
    ask: ['repo.push', 'dev', 'repository evil/web'],
    params: { repo: 'evil/web' },
    ...asks(),
    ...platform,
  },
  { ask: ['repo.merge', 'dev', 'repository acme/web'], ...asks('code.merge') },
  {
    ask: ['repo.merge', 'dev', 'repository acme/web'],
    params: { checks_passed: false },
    ...denies('code.merge.red'),
  },
]

test.each(cases)(title, expectJudged)
