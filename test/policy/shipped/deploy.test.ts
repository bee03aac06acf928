import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, platform, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['deploy.start', 'staging', 'service checkout'], ...allows('deploy.nonprod') },
  {
    ask: ['deploy.start', 'staging', 'service checkout'],
    params: { skip_tests: true },
    ...asks(),
    ...platform,
  },
  { ask: ['deploy.rollback', 'dev', 'service checkout'], ...allows('deploy.nonprod.rollback') },
  {
    // The owner of every service is the same group that is named beside it: it is asked once.
    ask: ['deploy.start', 'prod', 'service checkout'],
    ...asks('deploy.prod'),
    observed: [],
    legs: ['release: 1 of owner'],
    channels: ['slack:C0DEPLOYS'],
  },
  {
    ask: ['deploy.start', 'prod', 'service status-page'],
    params: { service: 'status-page' },
    ...asks('deploy.prod'),
    legs: ['release: 1 of owner or group:release-managers'],
  },
  {
    // Its owner has no say about another service.
    ask: ['deploy.start', 'prod', 'service status-page'],
    params: { service: 'payments' },
    ...asks('deploy.prod.other'),
    legs: ['release: 1 of group:release-managers'],
  },
  {
    ask: ['deploy.start', 'prod', 'service checkout'],
    at: '2026-11-24T21:30:00Z',
    ...asks('deploy.prod'),
    observed: ['deploy.prod.night'],
  },
  {
    ask: ['deploy.start', 'prod', 'service checkout'],
    at: '2026-11-28T12:00:00Z',
    ...asks('deploy.prod'),
    observed: ['deploy.prod.night'],
  },
  {
    ask: ['deploy.start', 'prod', 'service checkout'],
    params: { skip_tests: true },
    ...asks('deploy.prod', 'deploy.prod.skip-tests'),
    confirm: ['checkout'],
  },
  {
    ask: ['deploy.start', 'prod', 'service checkout'],
    at: '2027-12-22T12:00:00Z',
    ...denies('deploy.freeze'),
    breakGlass: true,
  },
  {
    ask: ['deploy.start', 'prod', 'service status-page'],
    at: '2027-12-22T12:00:00Z',
    params: { service: 'status-page' },
    ...asks('deploy.prod'),
  },
  {
    ask: ['deploy.rollback', 'prod', 'service checkout'],
    ...asks('deploy.prod.rollback'),
    legs: ['release: 1 of group:platform-leads or group:release-managers'],
    breakGlass: true,
  },
]

test.each(cases)(title, expectJudged)
