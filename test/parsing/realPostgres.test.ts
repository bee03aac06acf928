import { expect, test } from 'vitest'
import { sqlHere } from '../../src/parsing/here.ts'
import { freshDatabase, withClient } from '../support/database.ts'

/** Ways to have a function called, or nearly: what PostgreSQL makes of each is seen, and not known by heart. */
const ways = [
  "leak('a')",
  "public.leak('a')",
  '(name).leak',
  '(t.name).leak',
  "('a'::text).leak",
  '(name || name).leak',
  '(names)[1].leak',
  'names[1].leak',
  '(array[name]).leak',
  '(select name from public.t).leak',
  '(case when true then name end).leak',
  '(lower(name)).leak',
  '(t).leak',
  'name ### name',
  'name operator(public.###) name',
  "'a'::leaky",
  "cast('a' as public.leaky)",
  'name = name',
  '(t).name',
  'names[1]',
  '(name)',
  'lower(name)',
] as const

test('whatever way there is to call a function, a statement that calls one is seen to, by what PostgreSQL itself does', async () => {
  const url = await freshDatabase()
  const read = await sqlHere()

  await withClient(url, async (client) => {
    await client.query(`
      CREATE TABLE public.t (name text, names text[]);
      INSERT INTO public.t VALUES ('a', '{a}');
      CREATE FUNCTION public.leak(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''called''; END';
      CREATE FUNCTION public.leak(text[]) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''called''; END';
      CREATE FUNCTION public.leak(public.t) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''called''; END';
      CREATE FUNCTION public.leaks(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''called''; END';
      CREATE OPERATOR public.### (FUNCTION = public.leaks, LEFTARG = text, RIGHTARG = text);
      CREATE DOMAIN public.leaky AS text CHECK (public.leak(value) = '');`)
    const calls = async (statement: string): Promise<boolean> => {
      try {
        await client.query(statement)
        return false
      } catch (fault) {
        return String(fault).includes('called')
      }
    }
    let called = 0
    for (const way of ways)
      for (const statement of [
        `select ${way} from public.t`,
        `select 1 from public.t t where (${way}) is not null`,
      ]) {
        if (!(await calls(statement))) continue
        called += 1
        const reading = read(statement)
        if (reading.understood) expect(reading.facts.unreviewed, statement).not.toEqual([])
      }
    expect(called).toBeGreaterThanOrEqual(30)
  })
})
