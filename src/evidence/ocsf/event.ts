import { isObject, type JsonObject } from '../../core/json.ts'
import type { Entry } from '../../ledger/entry.ts'
import { logLineOf } from '../../ledger/logLine.ts'
import type { Recorded } from '../recorded.ts'
import { type OcsfLine, ocsfLineOf } from './lines.ts'
import { agentOf, entityOf, instant, text, userOf } from './objects.ts'
import {
  activityName,
  type ClassName,
  classes,
  dispositions,
  type OcsfVersion,
  severities,
  statuses,
} from './words.ts'

export interface OcsfOptions {
  readonly version: OcsfVersion
  /** Whether the values that are kept outside the leaf are told: parameters, prose, identities. */
  readonly values: boolean
}

type Told = Pick<Recorded, 'index' | 'leaf' | 'entry' | 'blobs'>

/**
 * An entry as an event of OCSF. It is the same each time it is made of the same record. `raw_data` is the leaf, of which anybody computes
 * the hash that the tree has.
 */
export function ocsfEvent(told: Told, { version, values }: OcsfOptions): JsonObject {
  const { entry } = told
  const line = lineIn(entry, version)
  const { uid, name, category } = classes[line.class]
  const agent = version === '1.9.0' && line.class !== 'finding' ? agentOf(entry.actor) : null
  const activity = typeof line.activity === 'number' ? line.activity : 99
  return {
    activity_id: activity,
    activity_name: activityName(line.class, activity) ?? String(line.activity),
    category_uid: category[0],
    category_name: category[1],
    class_uid: uid,
    class_name: name,
    type_uid: uid * 100 + activity,
    time: instant(entry.ts) ?? 0,
    severity_id: severities[line.severity],
    severity: captionOf(line.severity),
    message: logLineOf(entry, null).message,
    metadata: metadataOf(told, {
      version,
      profiles: [...(line.control ? ['security_control'] : []), ...(agent ? ['ai_operation'] : [])],
    }),
    ...statusOf(line, entry),
    ...controlOf(line),
    ...(agent && { ai_agent: agent }),
    ...subjects[line.class](entry, version),
    ...(values && line.class === 'entity' && commentOf(told)),
    raw_data: told.leaf,
    unmapped: unmappedOf(told, values),
  }
}

function lineIn(entry: Entry, version: OcsfVersion): OcsfLine {
  const line = ocsfLineOf(entry)
  if (line.user === undefined || version !== '1.9.0') return line
  return { ...line, class: 'user', activity: line.user }
}

function metadataOf(
  { index, entry }: Told,
  { version, profiles }: { readonly version: OcsfVersion; readonly profiles: readonly string[] },
): JsonObject {
  return {
    version,
    product: { name: 'Countersign', vendor_name: 'Countersign' },
    uid: entry.id,
    sequence: index,
    event_code: entry.type,
    original_time: entry.ts,
    tenant_uid: entry.ws,
    log_name: 'ledger',
    ...(entry.request !== null && { correlation_uid: entry.request }),
    ...(profiles.length > 0 && { profiles: [...profiles] }),
  }
}

/** Of a finding it says how far somebody is with it: each is new. */
function statusOf({ class: of, status }: OcsfLine, { data }: Entry): JsonObject {
  if (of === 'finding') return { status_id: 1, status: 'New' }
  const code = text(data.code)
  return {
    ...(status && { status_id: statuses[status], status: captionOf(status) }),
    ...(code !== null && { status_code: code }),
  }
}

function controlOf({ control, class: of }: OcsfLine): JsonObject {
  if (!control) return {}
  const { action, disposition } = dispositions[control]
  return {
    action_id: action[0],
    action: action[1],
    disposition_id: disposition[0],
    disposition: disposition[1],
    is_alert: of === 'finding',
  }
}

/** What each class needs besides. */
const subjects: Readonly<Record<ClassName, (entry: Entry, version: OcsfVersion) => JsonObject>> = {
  api: (entry, version) => ({
    actor: actorOf(entry, version),
    api: {
      operation: text(entry.data.action) ?? entry.type,
      service: { name: 'Countersign', uid: entry.ws },
      ...(entry.request !== null && { request: { uid: entry.request } }),
    },
    src_endpoint: { svc_name: entry.actor.via },
    resources: resourcesOf(entry),
  }),
  session: ({ data, actor, subject, request, ws }) => ({
    user: userOf(actor.kind, actor.id),
    privileges: [request === null ? 'the action of an unknown request' : `the action of ${request}`],
    session: {
      uid: text(data.grant) ?? subject.id,
      issuer: ws,
      ...(instant(data.expires_at) !== null && { expiration_time: instant(data.expires_at) }),
    },
    ...(text(data.audience) !== null && { dst_endpoint: { svc_name: text(data.audience) } }),
    src_endpoint: { svc_name: actor.via },
  }),
  finding: (entry, version) => {
    const message = logLineOf(entry, null).message
    const agent = version === '1.9.0' ? agentOf(entry.actor) : null
    return {
      finding_info: {
        uid: entry.id,
        title: message,
        created_time: instant(entry.ts) ?? 0,
        analytic: { name: entry.type, type_id: 1, type: 'Rule' },
        types: [entry.type],
      },
      evidences: [{ actor: actorOf(entry, version), ...(agent && { ai_agent: agent }) }],
      resources: resourcesOf(entry),
    }
  },
  entity: (entry, version) => ({
    actor: actorOf(entry, version),
    ...changed(entry),
    entity: entityOf(entry),
  }),
  user: (entry, version) => ({
    actor: actorOf(entry, version),
    ...changed(entry),
    user: {
      ...userOf(entry.subject.kind, entry.subject.id),
      ...(text(entry.data.name) !== null && { name: text(entry.data.name) }),
    },
  }),
  authentication: (entry, version) => ({
    actor: actorOf(entry, version),
    user: userOf(entry.subject.kind, entry.subject.id),
    service: { name: 'Countersign', uid: entry.ws },
    src_endpoint: { svc_name: entry.actor.via },
  }),
}

const changed = ({ actor }: Entry): JsonObject => ({ src_endpoint: { svc_name: actor.via } })

/** From 1.9.0 on an agent has an object of its own and is no user. */
function actorOf({ actor }: Entry, version: OcsfVersion): JsonObject {
  if (version === '1.9.0' && actor.kind === 'agent') return { app_uid: actor.id }
  return { user: userOf(actor.kind, actor.id) }
}

function resourcesOf({ data, subject }: Entry): readonly JsonObject[] {
  const named = data.resource
  const at = (name: string) => (isObject(named) ? text(named[name]) : null)
  const target = at('id')
  return [
    ...(target === null ? [] : [{ uid: target, type: at('type') ?? 'unknown', role_id: 1, role: 'Target' }]),
    { uid: subject.id, type: subject.kind, role_id: 4, role: 'Related' },
  ]
}

/** Why it was done, in the words of whoever did it. */
function commentOf({ blobs }: Told): JsonObject {
  const { reason } = blobs
  return reason === undefined || reason === null ? {} : { comment: reason }
}

/** What OCSF has no place for. */
function unmappedOf({ entry, blobs }: Told, values: boolean): JsonObject {
  const { data, subject, actor, policy, action_digest, action_digest_salted } = entry
  return {
    actor: { ...actor },
    subject: { ...subject },
    data,
    ...(policy !== null && { policy }),
    ...(action_digest && { action_digest }),
    ...(action_digest_salted && { action_digest_salted }),
    ...(values && { values: { ...blobs } }),
  }
}

function captionOf(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`
}
