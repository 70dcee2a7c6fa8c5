import type { OneDnnOptions } from '../../inference/index.js'
import { countFlag, listFlag, switchFlag, type FlagsOf } from './flag.js'

export const oneDnnFlags: FlagsOf<OneDnnOptions> = {
  cacheCapacity: countFlag(
    'one-dnn-cache-capacity',
    0,
    'Input shapes that it keeps; 0 for all [default: 10]',
  ),
  ops: listFlag('one-dnn-ops', 'The only operators to use it, with commas [default: all that can]'),
  bf16Ops: listFlag('one-dnn-bf16-ops', 'The only operators for bf16, with commas [default: all that can]'),
  int8Ops: listFlag('one-dnn-int8-ops', 'The only operators for int8, with commas [default: all that can]'),
  fcPasses: switchFlag('one-dnn-fc-passes', 'Fuse fully connected layers for it [default: true]'),
}
