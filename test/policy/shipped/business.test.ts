import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, title } from './judge.ts'

const cases: readonly Case[] = [
  { ask: ['refund.create', 'prod', 'order 1'], ...allows('money.refund.small') },
  { ask: ['refund.create', 'prod', 'order 1'], params: { amount_cents: 5_001 }, ...asks('money.refund') },
  { ask: ['refund.create', 'prod', 'order 1'], params: { amount_cents: -1 }, ...asks('money.refund') },
  { ask: ['payment.send', 'prod', 'account main'], ...asks('money.payment') },
  {
    ask: ['payment.send', 'prod', 'account main'],
    params: { amount_cents: 1_000_000 },
    ...asks('money.payment', 'money.payment.large'),
    legs: ['budget: 2 of group:platform-leads'],
    confirm: ['DE02120300000000202051'],
    reason: 20,
  },
  {
    ask: ['payment.send', 'prod', 'account main'],
    params: { amount_cents: 100_000_000 },
    ...denies('money.payment.enormous'),
  },
  { ask: ['email.send', 'prod', 'mailbox billing'], ...allows('mail.inside') },
  { ask: ['email.send', 'prod', 'mailbox billing'], params: { to: [] }, ...asks('mail.outside') },
  {
    ask: ['email.send', 'prod', 'mailbox billing'],
    params: { to: ['a@acme.test.evil.test'] },
    ...asks('mail.outside'),
  },
  {
    ask: ['email.send', 'prod', 'mailbox billing'],
    params: { to: ['a@partner.test'], attachments: ['list.csv'] },
    ...asks('mail.outside', 'mail.outside.attachment'),
  },
]

test.each(cases)(title, expectJudged)
