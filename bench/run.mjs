// npm run bench            what a user waits for, beside what this machine can do at best
// npm run bench -- policy  verdicts a second
const benches = { server: './server.mjs', policy: './policy.mjs' }
const name = process.argv[2] ?? 'server'
if (name in benches) await import(benches[name])
else {
  console.error(`There is no bench "${name}"; there are ${Object.keys(benches).join(' and ')}.`)
  process.exitCode = 1
}
