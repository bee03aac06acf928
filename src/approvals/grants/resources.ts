import { Refusal } from '../../core/refusal.ts'
import type { EntryType, NewEntry } from '../../ledger/entry.ts'
import { newEntry } from '../newEntry.ts'
import { hashSecret } from '../people/authenticate.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { Resource } from './records.ts'
import { resourceCredential } from './resourceKeys.ts'

/** A resource and its key, which is shown once; only a hash of its secret is kept. */
export interface IssuedResource {
  readonly resource: Resource
  readonly credential: string
}

/** Milliseconds for which the secret before a rotation still counts: time enough to bring the new one everywhere. */
const earlierSecretMs = 86_400_000

/** As of agents: what a person can read out over the phone. */
const namePattern = /^[a-z0-9][a-z0-9._-]{1,62}$/

/** What can stand in a token's `aud` and in a header: visible ASCII. */
const audiencePattern = /^[\x21-\x7e]{1,255}$/

/**
 * Registers what redeems the grants of one audience. Its key can do nothing else, and nobody's standing changes by it; so it works at
 * once, and the record says that whoever had the shell claimed it.
 *
 * @throws Refusal `invalid_request` for the name or the audience, `name_taken`
 */
export async function addResource(
  ports: Ports,
  ask: Word & { readonly name: string; readonly audience: string },
): Promise<IssuedResource> {
  if (!namePattern.test(ask.name))
    throw new Refusal('invalid_request', 'a resource name of the wrong form', [
      { pointer: '/name', detail: 'Use 2 to 63 lower-case letters, digits, dots, dashes and underscores.' },
    ])
  if (!audiencePattern.test(ask.audience))
    throw new Refusal('invalid_request', 'an audience of the wrong form', [
      { pointer: '/audience', detail: 'Use 1 to 255 visible ASCII characters, such as https://db.acme.com.' },
    ])
  const id = ports.ids.next('rsc')
  const secret = ports.ids.secret()
  const resource: Resource = {
    id,
    version: 1,
    name: ask.name,
    audience: ask.audience,
    secretHash: hashSecret(secret),
    earlier: null,
    status: 'active',
    createdBy: { kind: 'system', id: 'operator', via: ask.via },
    createdAt: ports.clock().toISOString(),
  }
  const committed = await ports.store.commit({
    resources: [{ expected: null, next: resource }],
    entries: [resourceEntry(ports, 'resource.added', { resource, word: ask })],
  })
  if (committed !== 'applied') throw new Refusal('name_taken', 'a resource of that name exists')
  return { resource, credential: resourceCredential(id, secret) }
}

/**
 * Gives the resource a new key. The one before counts for a day more, unless it is to end now; the one before that ends in any case.
 *
 * @throws Refusal `unknown_resource`, `not_applicable` when it is revoked, `busy`
 */
export async function rotateResource(
  ports: Ports,
  ask: Word & { readonly name: string; readonly endsNow: boolean },
): Promise<IssuedResource> {
  const resource = await living(ports, ask.name)
  const secret = ports.ids.secret()
  const until = new Date(ports.clock().getTime() + earlierSecretMs).toISOString()
  const earlier = ask.endsNow ? null : { secretHash: resource.secretHash, until }
  const next: Resource = {
    ...resource,
    version: resource.version + 1,
    secretHash: hashSecret(secret),
    earlier,
  }
  await replace(ports, { resource, next, word: ask, type: 'resource.rotated' })
  return { resource: next, credential: resourceCredential(resource.id, secret) }
}

/** Ends the resource and its key at once. @throws Refusal as `rotateResource` */
export async function revokeResource(ports: Ports, ask: Word & { readonly name: string }): Promise<Resource> {
  const resource = await living(ports, ask.name)
  const next: Resource = { ...resource, version: resource.version + 1, status: 'revoked', earlier: null }
  await replace(ports, { resource, next, word: ask, type: 'resource.revoked' })
  return next
}

async function living({ store }: Ports, name: string): Promise<Resource> {
  const resource = await store.resource(name)
  if (!resource) throw new Refusal('unknown_resource', 'no resource of that name')
  if (resource.status === 'revoked') throw new Refusal('not_applicable', 'the resource is revoked')
  return resource
}

async function replace(
  ports: Ports,
  by: {
    readonly resource: Resource
    readonly next: Resource
    readonly word: Word
    readonly type: ResourceEntry
  },
): Promise<void> {
  const { resource, next, word, type } = by
  const committed = await ports.store.commit({
    resources: [{ expected: resource.version, next }],
    entries: [resourceEntry(ports, type, { resource: next, word })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the resource changed in that moment')
}

type ResourceEntry = Extract<EntryType, `resource.${string}`>

function resourceEntry(
  ports: Ports,
  type: ResourceEntry,
  { resource, word }: { readonly resource: Resource; readonly word: Word },
): NewEntry {
  const said = saidBy(word, onlyClaimed)
  return newEntry(ports, {
    type,
    actor: { kind: 'system', id: 'operator', via: word.via },
    subject: { kind: 'resource', id: resource.id },
    data: {
      name: resource.name,
      audience: resource.audience,
      earlier_until: resource.earlier?.until ?? null,
      ...said.data,
    },
    kept: said.kept,
  })
}
