import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { acme, sandboxScopes } from '../../src/sandbox/seed.ts'
import { events, scopes, shortcuts, slashCommand } from '../../src/slack/surface.ts'

const manifest = z
  .object({
    display_information: z.object({ name: z.string().max(35), description: z.string().max(140) }),
    features: z.object({
      bot_user: z.object({ display_name: z.string().max(80) }),
      slash_commands: z.array(
        z.object({
          command: z.string().regex(/^\/.{1,31}$/),
          url: z.url(),
          description: z.string().max(2_000),
          usage_hint: z.string().max(1_000),
          should_escape: z.literal(true),
        }),
      ),
      shortcuts: z
        .array(
          z.object({
            name: z.string().max(24),
            type: z.enum(['message', 'global']),
            callback_id: z.string().max(255),
            description: z.string().max(150),
          }),
        )
        .max(10),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).max(255) }) }),
    settings: z.object({
      event_subscriptions: z.object({ request_url: z.url(), bot_events: z.array(z.string()).max(100) }),
      interactivity: z.object({ is_enabled: z.literal(true), request_url: z.url() }),
      socket_mode_enabled: z.literal(false),
      token_rotation_enabled: z.literal(false),
    }),
  })
  .parse(parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')))

const docs = readFileSync(new URL('../../docs/slack.md', import.meta.url), 'utf8')

test('the manifest asks for the scopes that the code needs, and no other', () => {
  expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(scopes).sort())
})

test('the manifest subscribes to the events that the code listens to, and no other', () => {
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(Object.keys(events).sort())
})

test('the manifest has the one command, and one address everywhere', () => {
  expect(manifest.features.slash_commands.map((one) => one.command)).toEqual([slashCommand])
  const addresses = [
    manifest.features.slash_commands[0]?.url,
    manifest.settings.event_subscriptions.request_url,
    manifest.settings.interactivity.request_url,
  ]
  expect(new Set(addresses).size).toBe(1)
})

test('the manifest, the code and the sandbox have the same shortcuts', () => {
  const known = Object.entries(shortcuts).map(([callback_id, about]) => ({ callback_id, ...about }))
  expect(manifest.features.shortcuts).toEqual(known)
  expect(acme.app.shortcuts).toEqual(
    known.map(({ callback_id: callbackId, type, name }) => ({ callbackId, type, name })),
  )
})

test('the documentation explains every scope, and the sandbox grants exactly these', () => {
  for (const scope of Object.keys(scopes)) expect(docs).toContain(`\`${scope}\``)
  expect([...sandboxScopes].sort()).toEqual(Object.keys(scopes).sort())
})
