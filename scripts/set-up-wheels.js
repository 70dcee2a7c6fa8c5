// Makes the environments with other wheels, so that they are there when the tests want them: node scripts/set-up-wheels.js 2.6.2
// A failure is told by the tests, which make them again.
import { setUpWheel } from './wheels.js'

for (const version of process.argv.slice(2)) await setUpWheel(version)
