/** Who reports what was done: the agent that asked, or a resource of an audience. */
export type Reporter =
  | { readonly kind: 'agent'; readonly id: string; readonly via: 'api' }
  | { readonly kind: 'resource'; readonly id: string; readonly via: 'api'; readonly audience: string }
