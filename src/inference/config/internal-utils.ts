import { recorderOf } from './call-recorder.js'
import type { Config } from './config.js'
import { argumentsFor, callOf, sets, type SetSpec } from './define-methods.js'
import { nameSet, text, type NameSet } from './params.js'

export const internalUtils = {
  disableTensorrtHalfOps: sets('InternalUtils.disable_tensorrt_half_ops', nameSet('operators')),
  setTransformerPosid: sets('InternalUtils.set_transformer_posid', text('name')),
  setTransformerMaskid: sets('InternalUtils.set_transformer_maskid', text('name')),
} as const

/** `paddle.inference.InternalUtils`: functions on a Config that are not methods of it in paddle. */
export const InternalUtils = {
  /** Computes these operators in float32 when TensorRT runs in half (`disable_tensorrt_half_ops`). */
  disableTensorrtHalfOps(config: Config, operators: NameSet): void {
    record(config, 'disableTensorrtHalfOps', internalUtils.disableTensorrtHalfOps, operators)
  },
  /** Names the input with the positions, for TensorRT with varseqlen (`set_transformer_posid`). */
  setTransformerPosid(config: Config, name: string): void {
    record(config, 'setTransformerPosid', internalUtils.setTransformerPosid, name)
  },
  /** Names the input with the mask, for TensorRT with varseqlen (`set_transformer_maskid`). */
  setTransformerMaskid(config: Config, name: string): void {
    record(config, 'setTransformerMaskid', internalUtils.setTransformerMaskid, name)
  },
}

function record<Value>(config: Config, name: string, spec: SetSpec<[Value]>, value: Value): void {
  recorderOf(config).record(callOf(`InternalUtils.${name}`, spec, argumentsFor(name, spec, [value])))
}
