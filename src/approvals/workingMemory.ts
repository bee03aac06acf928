import type { CrowdStore } from './crowds/records.ts'
import type { Forgetting } from './forgetting.ts'
import type { OpenHomes } from './openHomes.ts'
import type { SeenAccounts } from './people/seenAccounts.ts'

/** What the store keeps that is no record: rows that replicas take turns at, and that may be forgotten. */
export interface WorkingMemory extends CrowdStore, OpenHomes, SeenAccounts, Forgetting {}
