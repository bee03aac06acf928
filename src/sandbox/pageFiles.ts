/** The built page: a few static files, under a policy that lets them talk to this server and to nobody else. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { encodingsFor, extensions } from './encodings.ts'
import { sendText } from './slack/reply.ts'

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The headers of everything the page consists of. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Asked about every time, because the next build has the same names; sent again only when it is another one.
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
}

interface PageFile {
  /** The folder of the built page. */
  readonly directory: string
  /** One plain name, no folders. */
  readonly name: string
}

/**
 * Answers with the file, compressed as the build left it there and as the browser can read it; 304 when the browser has
 * it, 404 when there is none.
 */
export async function sendPageFile(
  response: ServerResponse,
  headers: IncomingHttpHeaders,
  { directory, name }: PageFile,
): Promise<void> {
  const type = contentTypes[/\.([a-z]+)$/.exec(name)?.[1] ?? '']
  // A plain name cannot leave the directory: no slash, no leading dot.
  const isPlain = /^[A-Za-z0-9_-][\w.-]*$/.test(name)
  const found = type !== undefined && isPlain ? await best(join(directory, name), headers) : undefined
  if (found === undefined || type === undefined) return sendText(response, 404, missing(name))
  const { bytes, encoding } = found
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  if (knows(headers['if-none-match'], etag)) {
    response.writeHead(304, { ...pageHeaders, etag })
    return void response.end()
  }
  response.writeHead(200, {
    ...pageHeaders,
    etag,
    'content-type': type,
    'content-length': bytes.length,
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
  })
  response.end(bytes)
}

/** The best of what the browser reads and the build made. As it is, it is always there, and every browser reads that. */
async function best(path: string, headers: IncomingHttpHeaders) {
  for (const encoding of encodingsFor(headers['accept-encoding'])) {
    const bytes = await readOrUndefined(`${path}${extensions[encoding]}`)
    if (bytes !== undefined) return { bytes, encoding }
  }
  return undefined
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly. */
function knows(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

function missing(name: string): string {
  return name === 'index.html'
    ? 'The sandbox page is not built yet. Build it with: npm run build'
    : 'Not found'
}

async function readOrUndefined(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch {
    return undefined
  }
}
