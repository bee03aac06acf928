import type { Control } from './control.ts'
import { fedramp } from './fedramp.ts'
import { iso } from './iso.ts'
import { nistAccess } from './nistAccess.ts'
import { nistAudit } from './nistAudit.ts'
import { soc2 } from './soc2.ts'

/**
 * The mapping. A row says what the record shows, never that a control is met: an assessor says that, with what an organisation shows
 * besides.
 */
export const controls: readonly Control[] = [...soc2, ...nistAccess, ...nistAudit, ...fedramp, ...iso]
