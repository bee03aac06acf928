/** What `defaults.owner_left` can say. Never allow. */
export const ownerLeftWays = ['ask', 'deny'] as const
export type OwnerLeft = (typeof ownerLeftWays)[number]
