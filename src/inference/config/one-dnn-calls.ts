import type { RecordedCall } from '../../bridge/index.js'

/** Whether the calls request or disable oneDNN; `auto` if none does either. */
export function requestedOneDnn(calls: readonly RecordedCall[]): 'auto' | boolean {
  return calls.reduce<'auto' | boolean>((asked, { methods: [method = ''] }) => {
    if (/^disable_(onednn|mkldnn)$/.test(method)) return false
    return /^(enable_(onednn|mkldnn|quantizer)|set_(onednn|mkldnn|bfloat16)_op)/.test(method) ? true : asked
  }, 'auto')
}

/** Whether the call requests bfloat16 from oneDNN. */
export function requestsBfloat16({ methods: [method = ''] }: RecordedCall): boolean {
  return /^(?:enable_(?:onednn|mkldnn)_bfloat16|set_bfloat16_op)$/.test(method)
}
