/** The built page: a few static files, under a policy that lets them talk to this server and to nobody else. */
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
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
  'cache-control': 'no-store',
}

/** Answers with the file `name` (one plain name, no folders) of `directory`; 404 when there is none. */
export async function sendPageFile(response: ServerResponse, directory: string, name: string): Promise<void> {
  const type = contentTypes[/\.([a-z]+)$/.exec(name)?.[1] ?? '']
  // A plain name cannot leave the directory: no slash, no leading dot.
  const isPlain = /^[A-Za-z0-9_-][\w.-]*$/.test(name)
  const bytes = type !== undefined && isPlain ? await readOrUndefined(join(directory, name)) : undefined
  if (bytes === undefined || type === undefined) return sendText(response, 404, missing(name))
  response.writeHead(200, { ...pageHeaders, 'content-type': type, 'content-length': bytes.length })
  response.end(bytes)
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
