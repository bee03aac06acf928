// What is taken of other people's chart library and of a document without a browser. `npm run build` puts it into this file with all
// that it needs, so that neither is a package of the server's (build/charts.mjs).

export { axisX, axisY, barX, barY, gridX, gridY, plot, rectY, ruleY } from '@observablehq/plot'
export { parseHTML } from 'linkedom'
