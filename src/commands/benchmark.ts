import type { BenchmarkArguments } from './benchmark/arguments.js'
import { benchmarkFlags, defaults } from './benchmark/flags.js'
import { commandOf } from './command.js'
import { modelOr } from './flags/shared-flags.js'

type GivenArguments = Omit<BenchmarkArguments, keyof typeof defaults | 'modelDir'> &
  Partial<BenchmarkArguments>

/** `paddle-ts benchmark`: measures how fast a model is on this machine, and finds the fastest flags. */
export const benchmarkCommand = commandOf<GivenArguments>({
  name: 'benchmark',
  describe: 'Measure how fast a model is on this machine, and find the fastest flags',
  guide: 'docs/benchmark.md',
  flags: benchmarkFlags,
  positional: { flag: 'img-path', shown: '[image…]' },
  examples: [
    ['The network alone:', 'paddle-ts benchmark -m model'],
    ['From files to results, in batches of 1 and 8:', 'paddle-ts benchmark images -m model --batch-size 1,8'],
    ['The fastest flags, in a minute:', 'paddle-ts benchmark -m model --tune --report report.html'],
  ],
  check: async (args) => {
    const { checkBenchmarkFlags } = await import('./benchmark/flag-conflicts.js')
    return checkBenchmarkFlags({ ...defaults, ...args })
  },
  run: async (args) => {
    const { benchmark } = await import('./benchmark/run.js')
    await benchmark({ ...defaults, ...args, modelDir: modelOr(args.modelDir) })
  },
})
