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
      console.error(unbuilt ? 'paddle-ts is not built.\nBuild it: npm run build' : error)
      process.exitCode = 1
    },
  )
}
