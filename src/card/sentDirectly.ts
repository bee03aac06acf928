import { say, typed } from './span.ts'

/** Below a card that one person gets: why they do. */
export const sentDirectly = say`Sent to you directly, because the channel for it cannot be posted to. There may be more: ${typed('/approvals')}.`
