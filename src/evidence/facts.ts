import { isObject, type Json, type JsonObject } from '../core/json.ts'

/** The object of that name; null when there is none. */
export function objectIn(value: Json | null | undefined, name: string): JsonObject | null {
  const found = memberOf(value, name)
  return isObject(found) ? found : null
}

/** The text of that name; null when there is none. */
export function stringIn(value: Json | null | undefined, name: string): string | null {
  const found = memberOf(value, name)
  return typeof found === 'string' ? found : null
}

/** The texts of that name; none when it is no list. */
export function stringsIn(value: Json | null | undefined, name: string): readonly string[] {
  const found = memberOf(value, name)
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : []
}

/** What stands at `a.b.c`; undefined when nothing does. */
export function at(value: Json | null | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((inner, step) => memberOf(inner, step), value ?? undefined)
}

function memberOf(value: Json | null | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
