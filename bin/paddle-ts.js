#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read too, so that they get a message and not a SyntaxError.
const needed = [20, 19]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`paddle-ts needs Node ${needed.join('.')} or later, this is ${process.version}.`)
  console.error('Install it: https://nodejs.org/')
  process.exitCode = 1
} else {
  import('../dist/cli/main.js').then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      const unbuilt =
        error && error.code === 'ERR_MODULE_NOT_FOUND' && /dist\/cli\/main\.js/.test(error.message)
      console.error(unbuilt ? notBuilt(error.message) : error)
      process.exitCode = 1
    },
  )
}

/** What to do differs: a package that was installed has nothing to be built of. */
function notBuilt(message) {
  if (!/node_modules\/paddle-ts\/dist/.test(message))
    return 'paddle-ts is not built.\nBuild it: npm run build'
  return [
    'paddle-ts is not built: it was packed, or installed from git, without the scripts of npm.',
    'Do that again with them: npm pack --ignore-scripts=false, or npm install --ignore-scripts=false PACKAGE after npm uninstall paddle-ts',
  ].join('\n')
}
