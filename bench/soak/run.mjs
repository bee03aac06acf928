// npm run soak: builds the product if it has to, bundles the soak, and runs it. `--help` teaches.
import { buildProduct, bundle, optionsOf } from '../bundle.mjs'

const options = await optionsOf('soak', 'soak/options')
buildProduct()
const load = await bundle('soak', 'soak/main')
const { soak } = await load('soak/main')
process.exit(await soak(options))
