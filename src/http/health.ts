import { Refusal } from '../core/refusal.ts'
import type { Answer, Api } from './call.ts'

/** `GET /healthz`: the process answers. */
export async function alive(): Promise<Answer> {
  return { status: 200, body: { status: 'ok' } }
}

/** `GET /readyz`: it can also do its work. @throws Refusal `not_ready` */
export async function ready(api: Api): Promise<Answer> {
  try {
    await api.ready()
  } catch (fault) {
    throw new Refusal('not_ready', fault instanceof Error ? fault.message : 'not ready')
  }
  return { status: 200, body: { status: 'ready' } }
}
