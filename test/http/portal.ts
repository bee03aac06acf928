import type { Json, JsonObject } from '../../src/core/json.ts'
import { bundleVia, tokenOf } from '../support/portal.ts'
import { type House, openHouse } from './house.ts'

interface Shown extends JsonObject {
  readonly digest: string
  readonly view: string
}

/** A house whose policy takes personal tokens, and people who call it by theirs. */
export async function openPortal() {
  const house: House = await openHouse()
  house.setPolicy(bundleVia())
  const bearers: Record<string, string> = {}

  /** The headers of somebody's token, made when it is first needed. */
  async function as(user: string): Promise<Record<string, string>> {
    bearers[user] ??= (await tokenOf(house, user)).credential
    return { authorization: `Bearer ${bearers[user]}` }
  }

  async function show(user: string, id: string) {
    const reply = await house.call('GET', `/v1/me/requests/${id}`, { headers: await as(user) })
    return { ...reply, body: reply.body as Shown }
  }

  async function send(user: string, id: string, body: Json, headers: Record<string, string> = {}) {
    return house.call('POST', `/v1/requests/${id}/decisions`, {
      headers: { ...(await as(user)), 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  }

  /** What somebody sends who was shown the request as it is. */
  async function decide(user: string, id: string, said: JsonObject & { readonly decision: string }) {
    const { digest, view } = (await show(user, id)).body
    return send(user, id, { digest, view, ...said })
  }

  const entriesOf = async (id: string, type: string) =>
    (await house.store.entries(id)).filter((entry) => entry.type === type)

  return { house, as, show, send, decide, entriesOf }
}

export type Portal = Awaited<ReturnType<typeof openPortal>>
