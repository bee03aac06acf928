import { type KnownOnCall, noOnCall, type OnCall } from '../approvals/onCall.ts'
import { knowOnCall, withOnCall } from '../approvals/people/onCall.ts'
import type { Directory, Health } from '../approvals/ports.ts'
import { randomIds } from '../approvals/randomIds.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { pagerDuty } from '../oncall/pagerduty.ts'
import type { OpenStore } from '../store/open.ts'
import type { Config } from './config.ts'

/** The service that knows who is on call, as it is configured. */
export function onCallService({ pagerDuty: access }: Pick<Config, 'pagerDuty'>): OnCall {
  return access ? pagerDuty(access) : noOnCall
}

/** Whoever of a group is on call, looked up there and in the directory; and a directory that knows them. */
export function onCallOf(
  config: Pick<Config, 'pagerDuty'>,
  by: {
    readonly store: OpenStore
    readonly health: Health
    readonly ages: AgeClock
    readonly directory: Directory
    /** Of this installation. */
    readonly installation: string
  },
): { readonly onCall: KnownOnCall; readonly directory: Directory } {
  const { store, health, ages, directory, installation } = by
  const onCall = knowOnCall({
    service: onCallService(config),
    store: store.store,
    clock: store.clock,
    ids: randomIds,
    workspace: installation,
    health,
    ages,
    directory,
  })
  return { onCall, directory: withOnCall(directory, onCall) }
}
