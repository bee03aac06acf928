/** The words of OCSF that are used here: its numbers, and what it calls them. A test compares them with the schema. */

export type OcsfVersion = '1.8.0' | '1.9.0'
export const ocsfVersions: readonly OcsfVersion[] = ['1.8.0', '1.9.0']

interface ClassWords {
  readonly uid: number
  readonly name: string
  readonly category: readonly [uid: number, name: string]
  readonly activities: Readonly<Record<number, string>>
}

const iam = [3, 'Identity & Access Management'] as const

export const classes = {
  finding: {
    uid: 2004,
    name: 'Detection Finding',
    category: [2, 'Findings'],
    activities: { 1: 'Create' },
  },
  authentication: { uid: 3002, name: 'Authentication', category: iam, activities: { 1: 'Logon' } },
  session: {
    uid: 3003,
    name: 'Authorize Session',
    category: iam,
    activities: { 1: 'Assign Privileges' },
  },
  entity: {
    uid: 3004,
    name: 'Entity Management',
    category: iam,
    activities: {
      1: 'Create',
      3: 'Update',
      4: 'Delete',
      6: 'Enroll',
      8: 'Enable',
      9: 'Disable',
      12: 'Suspend',
      13: 'Resume',
    },
  },
  user: {
    uid: 3007,
    name: 'User Management',
    category: iam,
    activities: {
      1: 'Create',
      2: 'Update',
      5: 'Disable',
      18: 'Add Programmatic Credentials',
      19: 'Remove Programmatic Credentials',
    },
  },
  api: { uid: 6003, name: 'API Activity', category: [6, 'Application Activity'], activities: {} },
} as const satisfies Record<string, ClassWords>

export type ClassName = keyof typeof classes

/** What an activity is called in its class; null where it is one of ours, 99. */
export function activityName(of: ClassName, activity: number): string | null {
  const { activities }: ClassWords = classes[of]
  return activities[activity] ?? null
}

export const severities = { informational: 1, low: 2, medium: 3, high: 4 } as const
export type Severity = keyof typeof severities

export const statuses = { success: 1, failure: 2 } as const
export type Status = keyof typeof statuses

/** What the control did, and what came of it (profile `security_control`). */
export const dispositions = {
  allowed: { action: [1, 'Allowed'], disposition: [1, 'Allowed'] },
  approved: { action: [1, 'Allowed'], disposition: [8, 'Approved'] },
  blocked: { action: [2, 'Denied'], disposition: [2, 'Blocked'] },
  revoked: { action: [2, 'Denied'], disposition: [24, 'Access Revoked'] },
  rejected: { action: [2, 'Denied'], disposition: [25, 'Rejected'] },
  unauthorized: { action: [2, 'Denied'], disposition: [26, 'Unauthorized'] },
  delayed: { action: [3, 'Observed'], disposition: [14, 'Delayed'] },
  detected: { action: [3, 'Observed'], disposition: [15, 'Detected'] },
  unused: { action: [3, 'Observed'], disposition: [16, 'No Action'] },
  logged: { action: [3, 'Observed'], disposition: [17, 'Logged'] },
} as const satisfies Record<
  string,
  { readonly action: readonly [number, string]; readonly disposition: readonly [number, string] }
>
export type Disposition = keyof typeof dispositions
