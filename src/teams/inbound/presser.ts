import type { TeamsContext } from '../context.ts'
import type { ExecuteActivity } from './activities.ts'
import type { Reply } from './receiver.ts'

/** What one press does: what it carries is in `value`. @throws Refusal */
export type Presser = (teams: TeamsContext, activity: ExecuteActivity, value: string) => Promise<Reply>
