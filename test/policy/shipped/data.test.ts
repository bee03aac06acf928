import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, inData, platform, security, title } from './judge.ts'

const small = { table: 'events', rows: 900, columns: ['id', 'name'] }
const owner = 'data-owner: 1 of owner or group:data-owners'
const anyOwner = 'data-owner: 1 of group:data-owners'

const cases: readonly Case[] = [
  { ask: ['s3.list', 'prod', 'bucket acme-lake-in'], ...allows('baseline.list-buckets') },
  {
    ask: ['s3.list', 'prod', 'bucket acme-lake-evil'],
    params: { bucket: 'acme-lake-evil' },
    ...asks(),
    ...platform,
  },
  {
    ask: ['db.query', 'staging', 'table staging_warehouse.events'],
    params: { sql: 'select id from staging_warehouse.events', tables: ['staging_warehouse.events'] },
    ...allows('data.query.nonprod'),
  },
  { ask: ['db.query', 'staging', 'table warehouse.events'], ...denies() },
  { ask: ['db.query', 'prod', 'table warehouse.events'], ...asks('data.query.prod') },
  { ask: ['db.query', 'staging', 'table staging_warehouse.users'], ...asks(), ...platform },
  {
    ask: ['db.query', 'prod', 'table warehouse.events'],
    params: { limit: null },
    ...asks('data.query.prod'),
  },
  {
    ask: ['db.query', 'prod', 'table warehouse.users'],
    ...asks('data.query.prod'),
    legs: [anyOwner],
    channels: inData,
  },
  { ask: ['db.query', 'prod', 'table nobody.knows'], ...asks('data.query.prod') },
  {
    ask: ['db.export', 'staging', 'table staging_warehouse.events'],
    params: { ...small, rows: 1_000_000 },
    ...allows('data.export.nonprod'),
  },
  { ask: ['db.export', 'staging', 'table staging_warehouse.users'], ...asks(), ...platform },
  {
    ask: ['db.export', 'staging', 'table staging_warehouse.events'],
    params: { ...small, columns: ['id', 'e_mail'] },
    ...asks(),
    ...platform,
  },
  { ask: ['db.export', 'dev', 'table warehouse.events'], params: small, ...denies() },
  { ask: ['db.export', 'staging', 'table warehouse.anything'], params: small, ...denies() },
  { ask: ['db.export', 'prod', 'table staging_warehouse.events'], params: small, ...denies() },
  { ask: ['db.export', 'dev', 'table nobody.knows'], params: small, ...asks(), ...platform },
  {
    ask: ['db.export', 'prod', 'table warehouse.events'],
    params: { ...small, table: 'users' },
    ...asks('data.export.prod.other', 'data.export.prod.security'),
    legs: [anyOwner, security],
  },
  { ask: ['db.export', 'prod', 'table warehouse.events'], params: small, ...allows('data.export.small') },
  {
    ask: ['db.export', 'prod', 'table warehouse.events'],
    params: { ...small, rows: 1_001 },
    ...asks('data.export.prod'),
    legs: [owner],
  },
  {
    ask: ['db.export', 'prod', 'table warehouse.events'],
    params: { ...small, columns: ['id', 'EMAIL'] },
    ...asks('data.export.prod.security'),
    legs: [security],
  },
  {
    ask: ['db.export', 'prod', 'table warehouse.events'],
    params: { ...small, destination: 's3://elsewhere/x' },
    ...asks('data.export.prod', 'data.export.prod.security'),
  },
  {
    ask: ['db.export', 'prod', 'table warehouse.events'],
    params: { ...small, rows: 100_000 },
    ...asks('data.export.prod', 'data.export.prod.security'),
  },
  {
    ask: ['db.export', 'prod', 'table nobody.knows'],
    params: small,
    ...asks('data.export.prod.other', 'data.export.prod.security'),
  },
  {
    ask: ['db.export', 'prod', 'table warehouse.users'],
    ...asks('data.export.prod', 'data.export.prod.security'),
    legs: [owner, security],
    channels: inData,
  },
  { ask: ['db.export', 'production', 'table warehouse.users'], ...denies() },
  {
    ask: ['s3.copy', 'dev', 'bucket acme-lake-in'],
    ...asks('data.s3.copy', 'data.s3.leaves-the-region'),
    legs: ['data-owner: 1 of group:data-owners', security],
    reason: 40,
  },
  {
    ask: ['s3.copy', 'dev', 'bucket acme-lake-in'],
    params: { dest_region: 'eu-west-1' },
    ...asks('data.s3.copy'),
  },
  {
    ask: ['s3.copy', 'dev', 'bucket acme-lake-in'],
    params: { dest_account: '999999999999' },
    ...denies('data.s3.foreign-account'),
    breakGlass: true,
  },
  {
    ask: ['s3.copy', 'dev', 'bucket acme-lake-in'],
    params: { dest_account: '111122223333', dest_region: 'eu-west-1' },
    ...asks('data.s3.copy'),
  },
]

test.each(cases)(title, expectJudged)
