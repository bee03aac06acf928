// What the same machine can do at best: a bare Fastify route that makes one durable insert into the same database. In a
// process of its own, so that what it costs can be told apart.
import Fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.BARE_DATABASE_URL, max: 10 })
await pool.query('CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)')
const app = Fastify()
app.post('/', async (request, reply) => {
  const { rows } = await pool.query('INSERT INTO bench_bare (body) VALUES ($1) RETURNING id', [
    JSON.stringify(request.body),
  ])
  return reply.code(201).send({ id: rows[0].id })
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.once('SIGTERM', async () => {
  await app.close()
  await pool.end()
})
process.stdout.write(`ready at ${url}\n`)
