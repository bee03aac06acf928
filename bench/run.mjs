// npm run bench: builds the product if it has to, bundles the bench, and runs it. `--help` teaches.
import { buildProduct, bundle, optionsOf } from './bundle.mjs'

const options = await optionsOf('bench', 'options')
buildProduct()
const load = await bundle(
  'bench',
  'main',
  'ceilings/bareServer',
  'ceilings/restateService',
  'ceilings/slackClient',
)
const { bench } = await load('main')
process.exit(await bench(options))
