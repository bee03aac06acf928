import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

interface Version {
  readonly id: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** A store of objects with versions and a lock, as far as an anchor uses one. Keys by path; the newest version is the last. */
export interface LockedBucket {
  readonly endpoint: string
  readonly versions: Map<string, Version[]>
  /** Marks of deletion, by key. */
  readonly marks: Set<string>
  /** What it answers to every call; null: what it should. `silence`: nothing at all. */
  trouble: number | 'silence' | null
  /** Without it, objects have no versions. */
  locks: boolean
  /** Without it, a put with If-None-Match is taken like any other. */
  refuses: boolean
  readonly puts: Readonly<Record<string, string>>[]
  /** Calls that it was sent. */
  calls: number
}

/** Versions, marks and folders that one answer to a list has at most, as S3's. */
const mostListed = 1_000

export async function lockedBucket(): Promise<LockedBucket> {
  const bucket = {
    endpoint: '',
    versions: new Map<string, Version[]>(),
    marks: new Set<string>(),
    trouble: null as LockedBucket['trouble'],
    locks: true,
    refuses: true,
    puts: [] as Readonly<Record<string, string>>[],
    calls: 0,
  }
  const server = createServer((request, response) => void answer(bucket, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  bucket.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return bucket
}

async function answer(
  bucket: LockedBucket,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  bucket.calls += 1
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  if (bucket.trouble === 'silence') return
  if (bucket.trouble !== null) return refuse(response, bucket.trouble, 'AccessDenied')
  const url = new URL(request.url ?? '', 'http://s3')
  const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/')
  if (url.searchParams.has('object-lock')) return lockState(bucket, response)
  if (url.searchParams.has('versions')) return list(bucket, url.searchParams, response)
  if (request.method === 'PUT') return put(bucket, { key, body: Buffer.concat(parts), request }, response)
  const found = bucket.versions.get(key)?.find(({ id }) => id === url.searchParams.get('versionId'))
  if (!found) return refuse(response, 404, 'NoSuchVersion')
  response.writeHead(200, { 'content-type': 'text/plain' }).end(found.body)
}

function put(
  bucket: LockedBucket,
  { key, body, request }: { readonly key: string; readonly body: Buffer; readonly request: IncomingMessage },
  response: ServerResponse,
): void {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  bucket.puts.push(headers)
  const plain = unchunked(body, headers)
  const sent = headers['x-amz-checksum-sha256']
  if (sent !== undefined && sent !== createHash('sha256').update(plain).digest('base64'))
    return void refuse(response, 400, 'BadDigest')
  const standing = bucket.versions.get(key) ?? []
  if (bucket.refuses && headers['if-none-match'] === '*' && standing.length > 0 && !bucket.marks.has(key))
    return void refuse(response, 412, 'PreconditionFailed')
  const id = randomUUID()
  bucket.versions.set(key, [...standing, { id, body: plain, headers }])
  response.writeHead(200, bucket.locks ? { 'x-amz-version-id': id } : {}).end()
}

/** What is sent in chunks with a checksum at its end (aws-chunked). */
function unchunked(body: Buffer, headers: Readonly<Record<string, string>>): Buffer {
  if (!headers['content-encoding']?.includes('aws-chunked')) return body
  const size = Number.parseInt(body.toString('latin1').split(/[;\r]/)[0] ?? '', 16)
  const from = body.indexOf('\r\n') + 2
  return body.subarray(from, from + size)
}

function list(bucket: LockedBucket, query: URLSearchParams, response: ServerResponse): void {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter')]
  const keys = [...new Set([...bucket.versions.keys(), ...bucket.marks])]
    .filter((key) => key.startsWith(prefix))
    .sort()
  const folder = (key: string) => {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    return end < 0 ? null : key.slice(0, end + 1)
  }
  const after = query.get('key-marker') ?? ''
  const listed = [...new Set(keys.map((key) => folder(key) ?? key))].filter((one) => one > after)
  const page = listed.slice(0, mostListed)
  const folders = page.filter((one) => one.endsWith('/'))
  const its = page.filter((one) => !one.endsWith('/'))
  const marks = its.filter((key) => bucket.marks.has(key))
  const versions = its.flatMap((key) =>
    [...(bucket.versions.get(key) ?? [])].reverse().map(({ id, body }) => ({ key, id, size: body.length })),
  )
  const more = listed.length > page.length
  const next = more ? `<NextKeyMarker>${page.at(-1)}</NextKeyMarker>` : ''
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0"?><ListVersionsResult><Name>b</Name><IsTruncated>${more}</IsTruncated>${next}${marks
        .map((key) => `<DeleteMarker><Key>${key}</Key><VersionId>mark</VersionId></DeleteMarker>`)
        .join('')}${versions
        .map(
          ({ key, id, size }) =>
            `<Version><Key>${key}</Key><VersionId>${id}</VersionId><Size>${size}</Size></Version>`,
        )
        .join('')}${folders
        .map((one) => `<CommonPrefixes><Prefix>${one}</Prefix></CommonPrefixes>`)
        .join('')}</ListVersionsResult>`,
    )
}

function lockState({ locks }: LockedBucket, response: ServerResponse): void {
  if (!locks) return void refuse(response, 404, 'ObjectLockConfigurationNotFoundError')
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(
      '<?xml version="1.0"?><ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
    )
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
}
