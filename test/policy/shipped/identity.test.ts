import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, platform, security, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['audit.log.delete', 'dev', 'log_group dev'], ...denies('baseline.audit-trail'), breakGlass: false },
  {
    ask: ['iam.role.update', 'dev', 'role deployer'],
    params: { attach_policies: ['AmazonS3FullAccess'] },
    ...asks('iam.role.change'),
    legs: ['iam: 2 of group:iam-admins'],
    channels: ['slack:C0SECURITY'],
    breakGlass: false,
  },
  {
    ask: ['iam.role.update', 'prod', 'role deployer'],
    params: { attach_policies: [] },
    ...asks('iam.role.change'),
    breakGlass: true,
  },
  {
    ask: ['iam.role.update', 'prod', 'role deployer'],
    ...asks('iam.role.administrator', 'iam.role.change'),
    legs: ['iam: 2 of group:iam-admins', security],
    confirm: ['deployer'],
    reason: 20,
    breakGlass: false,
  },
  {
    ask: ['iam.token.create', 'prod', 'role ci'],
    ...asks('iam.token.any'),
    legs: [security],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['iam.token.create', 'prod', 'role ci'],
    params: { ttl_hours: 2_161 },
    ...denies('iam.token.endless'),
  },
  {
    ask: ['secret.read', 'dev', 'secret dev/db-password'],
    params: { name: 'dev/db-password' },
    ...allows('secret.read.nonprod'),
  },
  { ask: ['secret.read', 'dev', 'secret dev/db-password'], ...asks('secret.use'), legs: [security] },
  { ask: ['secret.read', 'dev', 'secret db-password'], ...asks('secret.use'), legs: [security] },
  { ask: ['secret.read', 'prod', 'secret db-password'], ...asks('secret.use'), legs: [security] },
  { ask: ['secret.rotate', 'prod', 'secret db-password'], ...asks('secret.rotate') },
  {
    ask: ['secret.delete', 'dev', 'secret db-password'],
    ...asks('secret.delete'),
    legs: ['security: 2 of group:security'],
    confirm: ['db-password'],
  },
  {
    ask: ['policy.activate', 'prod', 'policy starter'],
    ...asks('policy.change'),
    legs: ['platform: 1 of group:platform-leads', 'security: 1 of group:security'],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['people.unlink', 'prod', 'person per_1'],
    ...asks('people.unlink'),
    legs: ['platform: 1 of group:platform-leads', 'security: 1 of group:security'],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['stop.resume', 'prod', 'stop stp_1'],
    ...asks('stop.resume'),
    legs: ['security: 1 of group:incident-commanders or group:security'],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['record.erase', 'prod', 'record req_1'],
    ...asks('record.erase'),
    legs: ['security: 1 of group:security'],
    channels: ['slack:C0SECURITY'],
  },
  { ask: ['never.heard.of', 'prod', 'table x'], ...asks(), ...platform },
]

test.each(cases)(title, expectJudged)
