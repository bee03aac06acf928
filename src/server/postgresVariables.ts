/** Takes libpq's variables out, all of which begin so, and returns their names: https://www.postgresql.org/docs/current/libpq-envars.html */
export function takeOutPostgres(environment: NodeJS.ProcessEnv): readonly string[] {
  const names = Object.keys(environment).filter((name) => /^PG[A-Z_]+$/.test(name))
  for (const name of names) Reflect.deleteProperty(environment, name)
  return names.sort()
}
