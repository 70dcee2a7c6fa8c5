// Creates the environments with other wheels before the tests need them: node scripts/set-up-wheels.js 2.6.2
// Failures are not reported here: the tests create the environments again.
import { setUpWheel } from './wheels.js'

for (const version of process.argv.slice(2)) await setUpWheel(version)
