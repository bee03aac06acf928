import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What somebody is in the fake: what Graph says of a user, whatever of it. */
export interface FakeUser {
  readonly id: string
  readonly displayName?: string
  readonly mail?: string | null
  readonly userPrincipalName?: string
  readonly userType?: string
  readonly accountEnabled?: boolean
}

/** One answer instead of the usual one. */
interface Odd {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text?: string
}

/** A Graph of a few people and groups on loopback, which can be made to answer oddly. */
export async function fakeGraph() {
  const users = new Map<string, FakeUser>()
  const groups = new Map<string, readonly string[]>()
  const asked: string[] = []
  const tokens: string[] = []
  const state = { odd: [] as Odd[], pageSize: 999, base: '' }
  const server = createServer((request, response) => {
    void answer({ request, response, users, groups, asked, tokens, state })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { users, groups, asked, tokens, state }
}

interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly users: ReadonlyMap<string, FakeUser>
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly asked: string[]
  readonly tokens: string[]
  readonly state: { odd: Odd[]; pageSize: number; base: string }
}

async function answer(one: Asked): Promise<void> {
  const { request, response, asked, tokens, state } = one
  const url = new URL(request.url ?? '/', state.base)
  let body = ''
  for await (const chunk of request) body += String(chunk)
  asked.push(`${request.method} ${decodeURIComponent(url.pathname + url.search)}`)
  tokens.push(request.headers.authorization ?? '')
  const odd = state.odd.shift()
  const usual = usualAnswer(one, url, body)
  const { status = usual.status, headers = {}, text = JSON.stringify(usual.value) } = odd ?? {}
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

function usualAnswer({ users, groups, state }: Asked, url: URL, body: string) {
  const [, version, kind, id = '', what] = url.pathname.split('/')
  const missing = { status: 404, value: { error: { code: 'Request_ResourceNotFound', message: id } } }
  if (version !== 'v1.0') return missing
  if (kind === 'users' && id === '') return { status: 200, value: { value: found(users, url) } }
  if (kind === 'users' && what === 'checkMemberGroups') {
    const { groupIds } = JSON.parse(body) as { groupIds: readonly string[] }
    const value = groupIds.filter((group) => groups.get(group)?.includes(id))
    return users.has(id) ? { status: 200, value: { value } } : missing
  }
  if (kind === 'users') return users.has(id) ? { status: 200, value: users.get(id) } : missing
  const members = groups.get(id)
  if (kind !== 'groups' || !members) return missing
  const from = Number(url.searchParams.get('$skiptoken') ?? 0)
  const next = from + state.pageSize
  const link = `${state.base}${url.pathname}?$skiptoken=${next}`
  return {
    status: 200,
    value: {
      value: members.slice(from, next).map((one) => ({ id: one })),
      ...(next < members.length && { '@odata.nextLink': link }),
    },
  }
}

/** Of the one filter that is asked: `mail eq '…' or userPrincipalName eq '…'`. */
function found(users: ReadonlyMap<string, FakeUser>, url: URL) {
  const [, quoted = ''] = /^mail eq '((?:[^']|'')*)' or/.exec(url.searchParams.get('$filter') ?? '') ?? []
  const email = quoted.replaceAll("''", "'")
  const has = (one: FakeUser) =>
    one.mail?.toLowerCase() === email || one.userPrincipalName?.toLowerCase() === email
  return [...users.values()].filter(has).map(({ id }) => ({ id }))
}
