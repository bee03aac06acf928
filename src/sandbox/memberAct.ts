/** Reading what the page sent: anything that is not exactly what it may send is refused. */
import { z } from 'zod'
import type { MemberAct, WarehouseLogin } from './wire.ts'

const id = z.string().min(1).max(255)
const text = z.string().max(40_000)
const state = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
const at = z.union([z.strictObject({ conversation: id, ts: id }), z.strictObject({ view: id })])

const schema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('post'), as: id, conversation: id, text, threadTs: id.exactOptional() }),
  z.strictObject({ act: z.literal('command'), as: id, conversation: id, text }),
  z.strictObject({
    act: z.literal('shortcut'),
    as: id,
    callbackId: id,
    at: z.strictObject({ conversation: id, ts: id }).exactOptional(),
  }),
  z.strictObject({
    act: z.literal('press'),
    as: id,
    at,
    blockId: id,
    actionId: id,
    value: z.string().max(3000).exactOptional(),
    state: state.exactOptional(),
  }),
  z.strictObject({ act: z.literal('submit'), as: id, view: id, state }),
  z.strictObject({ act: z.literal('close'), as: id, view: id }),
  z.strictObject({ act: z.literal('home'), as: id }),
])

/** The act in a request's body, or undefined when it is none. */
export function readMemberAct(body: string): MemberAct | undefined {
  return read(schema, body)
}

const login = z.strictObject({ user: z.string().regex(/^cs_[0-9a-f]{16}$/), password: id })

/** A login with a role that Countersign made, or undefined when the body has none. */
export function readWarehouseLogin(body: string): WarehouseLogin | undefined {
  return read(login, body)
}

function read<T>(shape: z.ZodType<T>, body: string): T | undefined {
  try {
    return shape.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
