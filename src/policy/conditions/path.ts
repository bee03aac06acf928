const word = /^[A-Za-z_]\w*$/

/**
 * The text of a path, as a condition writes it: `params.rows`, `resource.labels["cost.centre"]`. No two paths have the same
 * text, so that a key with a dot in it can never stand for a field of a field.
 */
export function pathTo(parent: string, step: string): string {
  return word.test(step) ? `${parent}.${step}` : `${parent}[${JSON.stringify(step)}]`
}

/** The names along the text of a path. */
export function stepsOf(path: string): readonly string[] {
  const steps = path.matchAll(/([A-Za-z_]\w*)|\[("(?:[^"\\]|\\.)*")\]/g)
  return [...steps].map(([, name, key]) => name ?? (key === undefined ? '' : String(JSON.parse(key))))
}

/** The name that a path begins with. */
export function rootOf(path: string): string {
  return /^\w*/.exec(path)?.[0] ?? ''
}

/** Whether a path leads on from another one. */
export function isWithin(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`)
}
