import type { Json } from '../../core/json.ts'
import { bool, int, string } from '../conditions/valueType.ts'
import { hostName, isAddress4, isInternational } from './host.ts'
import type { Reader, Reading } from './reader.ts'

const longest = 2_048

/** Schemes with a host, and the port that they mean when none is written; 0 where there is none. */
const ports: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['ftp', 21],
  ['ssh', 22],
  ['git', 9418],
  ['ldap', 389],
  ['ldaps', 636],
  ['postgres', 5432],
  ['postgresql', 5432],
  ['redis', 6379],
  ['rediss', 6379],
  ['s3', 0],
  ['gs', 0],
])

/** Schemes of stores of objects. */
const stores = new Set(['s3', 'gs'])

/**
 * Schemes whose clients take settings from the query, another host (`?host=`, `?hostaddr=`, `?service=`), database or socket
 * (`?path=`) among them; and those settings that lead nowhere else.
 */
const settings: ReadonlyMap<string, RegExp> = new Map(
  ['postgres', 'postgresql', 'redis', 'rediss'].map((scheme) => [
    scheme,
    /^(?:sslmode|connect_timeout|application_name|target_session_attrs|schema|connection_limit|pool_timeout|pgbouncer|protocol|family)=[A-Za-z0-9_.-]*$/,
  ]),
)

/** RFC 3986, appendix B, with an authority; `?` and `#` right after it are read differently by old clients, so a path comes first. */
const parts =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?(\[[^\]/?#@]*\]|[^/?#@:[\]]*)(?::([^/?#@]*))?(?:(\/[^?#]*)(?:\?([^#]*))?(?:#(.*))?)?$/i

/** What RFC 3986 lets stand in each part. `;` is left out of paths, because some servers cut a segment there; a name with a dash before it is an option to ssh. */
const userInfo = /^[A-Za-z0-9._~!$&'()*+,;=%][A-Za-z0-9._~!$&'()*+,;=:%-]*$/
const pathText = /^[A-Za-z0-9._~!$&'()*+,=:@%/-]*$/
const queryText = /^[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$/

/**
 * A URL with a host, where every client means the same by it (docs/policy.md#url). Clients differ about more than one would
 * think: what is dropped, folded, decoded or taken for the host. Wherever they do, it is not understood.
 */
export function readUrl(text: string): Reading {
  if (text.length > longest) return refused(`It is longer than ${longest} characters.`)
  const odd = text.search(/[^\x21-\x7e]|\\/)
  if (odd !== -1) return refused('It has a character that clients read differently.', odd)
  const found = parts.exec(text)
  if (!found) return refused('It is not scheme://host/path.')
  const [, written = '', user, hostText = '', portText, path = '/', query, fragment] = found
  const scheme = written.toLowerCase()
  const standard = ports.get(scheme)
  if (standard === undefined) return refused('Its scheme is not one that is known here.')
  const host = hostOf(hostText, scheme)
  if (host === null) return refused('Its host is not a plain name or address.', text.indexOf(hostText))
  const port = portOf(portText, standard)
  if (port === null) return refused('Its port is not a plain number.')
  const rest = { user, path, query, fragment }
  const wrong = stores.has(scheme) ? wrongInStore(rest, portText) : (wrongIn(rest) ?? leadsOn(scheme, query))
  if (wrong !== null) return refused(wrong)
  if (!agrees(text, host)) return refused('Its host is read differently by clients.')
  return {
    understood: true,
    facts: {
      scheme,
      host: host.name,
      address: host.address,
      international: isInternational(host.name),
      port,
      path: upperEscapes(path),
      query: query ?? '',
      credentials: user !== undefined,
    },
  }
}

interface Host {
  readonly name: string
  /** Whether it is an address rather than a name. */
  readonly address: boolean
}

/** Schemes that browsers know are compared without case; of others it is part of the name. */
function hostOf(text: string, scheme: string): Host | null {
  if (isAddress4(text)) return { name: text, address: true }
  if (text.startsWith('['))
    return /^\[[0-9A-Fa-f:.]{2,45}\]$/.test(text) ? { name: text.toLowerCase(), address: true } : null
  const name = hostName(text)
  if (name === null || (!isSpecial(scheme) && name !== text)) return null
  return { name, address: false }
}

function isSpecial(scheme: string): boolean {
  return ['http', 'https', 'ws', 'wss', 'ftp'].includes(scheme)
}

function portOf(text: string | undefined, standard: number): number | null {
  if (text === undefined) return standard
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536 ? Number(text) : null
}

interface Rest {
  readonly user: string | undefined
  readonly path: string
  readonly query: string | undefined
  readonly fragment: string | undefined
}

function wrongIn({ user, path, query, fragment }: Rest): string | null {
  if (user !== undefined && !userInfo.test(user)) return 'What stands before the @ is odd.'
  if (!pathText.test(path)) return 'Its path has a character that servers read differently.'
  if (path.split('/').some((one) => one === '.' || one === '..')) return 'Its path has steps like `..`.'
  if (path.includes('//')) return 'Its path has an empty step.'
  if (![query, fragment].every((one) => one === undefined || queryText.test(one)))
    return 'It has a character after the path that clients read differently.'
  return [user, path, query, fragment].some((one) => one !== undefined && oddEscape(one))
    ? 'It has an escape that some decode once more, or not at all.'
    : null
}

/** In stores of objects `?`, `#` and `%` are part of a name for some clients, and for others not. */
function wrongInStore(rest: Rest, port: string | undefined): string | null {
  const { user, path, query, fragment } = rest
  const has = [user, query, fragment, port].some((one) => one !== undefined) || path.includes('%')
  return has ? 'It has more than the name of a bucket and of an object.' : wrongIn(rest)
}

function leadsOn(scheme: string, query: string | undefined): string | null {
  const harmless = settings.get(scheme)
  if (harmless === undefined || query === undefined || query === '') return null
  return query.split('&').every((one) => harmless.test(one))
    ? null
    : 'Its query has settings by which clients can go elsewhere.'
}

/**
 * An escape that is none, or of a character that needs none, a separator, a percent sign or a control character: servers
 * differ in when they decode those, so a path could become another one after it was judged.
 */
function oddEscape(text: string): boolean {
  return text
    .split('%')
    .slice(1)
    .some((one) => {
      if (!/^[0-9A-Fa-f]{2}/.test(one)) return true
      const code = Number.parseInt(one.slice(0, 2), 16)
      return code < 0x20 || code === 0x7f || /[A-Za-z0-9._~%/\\;-]/.test(String.fromCharCode(code))
    })
}

function upperEscapes(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (one) => one.toUpperCase())
}

/** The WHATWG parser has the last word about the host: what it reads differently is not understood. */
function agrees(text: string, host: Host): boolean {
  if (!URL.canParse(text)) return false
  const { hostname } = new URL(text)
  return hostname === host.name
}

function refused(why: string, at?: number): Reading {
  return { understood: false, why, ...(at !== undefined && at >= 0 && { at }) }
}

export const urlReader: Reader = {
  accepts: 'string',
  what: 'a URL',
  facts: {
    scheme: string,
    host: string,
    address: bool,
    international: bool,
    port: int,
    path: string,
    query: string,
    credentials: bool,
  },
  most: { text: longest, items: 0 },
  read: (value: Json) => (typeof value === 'string' ? readUrl(value) : refused('It is not text.')),
}
