/** What is done with the objects of a manifest, in kubectl's words. */
export const verbs = ['create', 'apply', 'replace', 'patch', 'delete'] as const
export type Verb = (typeof verbs)[number]
