/** Reading what the page sent: anything that is not exactly what it may send is refused. */
import { z } from 'zod'
import type { TeamsAct } from './wire.ts'

const id = z.string().min(1).max(300)
const inputs = z.record(id, z.string().max(40_000)).exactOptional()
const action = z.strictObject({
  type: z.string().max(100),
  title: z.string().max(1_000).exactOptional(),
  verb: id.exactOptional(),
  data: z.record(z.string(), z.unknown()).exactOptional(),
})

const schema = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('write'),
    as: id,
    conversation: id,
    text: z.string().max(28_000),
    root: id.exactOptional(),
  }),
  z.strictObject({ act: z.literal('press'), as: id, conversation: id, message: id, action, inputs }),
  z.strictObject({ act: z.literal('look'), as: id, conversation: id }),
  z.strictObject({ act: z.literal('submit'), as: id, dialog: id, action, inputs }),
  z.strictObject({ act: z.literal('close'), as: id, dialog: id }),
])

/** The act in a request's body, or undefined when it is none. */
export function readTeamsAct(body: string): TeamsAct | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
