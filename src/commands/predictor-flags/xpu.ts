import type { XpuArguments } from '../../inference/index.js'
import { countFlag, pathFlag, switchFlag, textFlag, type FlagsOf } from './flag.js'

export const xpuFlags: FlagsOf<XpuArguments> = {
  l3Size: countFlag('xpu-l3-size', 0, 'L3 cache to use, in bytes [default: 16 MiB]'),
  l3Locked: switchFlag('xpu-l3-locked', 'Keep it for this model alone [default: false]'),
  convAutotune: switchFlag('xpu-conv-autotune', 'Tune convolutions [default: false]'),
  convAutotuneFile: pathFlag('xpu-conv-autotune-file', 'File of what was tuned'),
  transformerEncoderPrecision: textFlag(
    'xpu-transformer-encoder-precision',
    'What transformers compute in [default: int16]',
  ),
  transformerEncoderAdaptiveSeqlen: switchFlag(
    'xpu-transformer-encoder-adaptive-seqlen',
    'Fit to sequences of various lengths [default: false]',
  ),
  enableMultiStream: switchFlag('xpu-enable-multi-stream', 'Use several streams [default: false]'),
}
