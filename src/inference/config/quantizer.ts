import { wrongType } from '../../errors.js'
import { isPlainObject } from '../../options/index.js'
import { checkData, checkDType, checkShape, type Tensor } from '../../tensor/index.js'
import { defineMethods, sets, type Param, type Table } from './define-methods.js'
import { integer, names, nameSet, text, type NameSet } from './params.js'

/** A tensor for one input of the network. */
export type NamedTensor = Tensor & { readonly name: string }

/**
 * Settings of oneDNN's quantiser, as returned by `Config.quantizerConfig()` (2.6 only); call
 * `enableQuantizer()` first.
 */
export interface QuantizerConfigMethods {
  /** Sets the data from which the scales are computed: one tensor per input. */
  setQuantData(tensors: readonly NamedTensor[]): this
  /** Sets the number of samples in that data. */
  setQuantBatchSize(size: number): this
  /** Limits quantisation to these operators. */
  setEnabledOpTypes(operators: NameSet): this
}

export const quantizerConfigMethods: Table<QuantizerConfigMethods> = {
  setQuantData: sets('quantizer_config.set_quant_data', namedTensors('tensors')),
  setQuantBatchSize: sets('quantizer_config.set_quant_batch_size', integer('size', 1)),
  setEnabledOpTypes: sets('quantizer_config.set_enabled_op_types', nameSet('operators')),
}

/** `paddle.inference.Config.quantizer_config()`. Its setters are recorded in the Config. */
export class QuantizerConfig extends (Object as unknown as new () => QuantizerConfigMethods) {}
defineMethods(QuantizerConfig, quantizerConfigMethods, 'quantizerConfig().')

function namedTensors(name: string): Param<readonly NamedTensor[]> {
  return {
    name,
    encode: (value) => {
      if (!Array.isArray(value)) throw wrongType(name, 'an array of tensors with names', value)
      return (value as unknown[]).map((item, index) => {
        const at = `${name}[${index}]`
        if (!isPlainObject(item) || typeof item['name'] !== 'string') {
          throw wrongType(at, 'a tensor with a name', item)
        }
        const { dtype, shape, data } = item
        checkDType(`${at}.dtype`, dtype)
        checkShape(`${at}.shape`, shape)
        checkData(`${at}.data`, dtype, shape, data)
        const { buffer, byteOffset, byteLength } = data
        const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64')
        return { $paddleTensor: { name: item['name'], dtype, shape, base64 } }
      })
    },
  }
}

/** How Paddle Lite uses a neural processor, as returned by `Config.nnadapter()` (2.6 only). */
export interface NnadapterMethods {
  enable(): this
  disable(): this
  setDeviceNames(deviceNames: readonly string[]): this
  setContextProperties(properties: string): this
  setModelCacheDir(folder: string): this
  setModelCacheBuffers(token: string, buffers: readonly string[]): this
  setSubgraphPartitionConfigPath(path: string): this
  setSubgraphPartitionConfigBuffer(buffer: string): this
}

export const nnadapterMethods: Table<NnadapterMethods> = {
  enable: sets('nnadapter.enable'),
  disable: sets('nnadapter.disable'),
  setDeviceNames: sets('nnadapter.set_device_names', names('deviceNames')),
  setContextProperties: sets('nnadapter.set_context_properties', text('properties')),
  setModelCacheDir: sets('nnadapter.set_model_cache_dir', text('folder')),
  setModelCacheBuffers: sets('nnadapter.set_model_cache_buffers', text('token'), names('buffers')),
  setSubgraphPartitionConfigPath: sets('nnadapter.set_subgraph_partition_config_path', text('path')),
  setSubgraphPartitionConfigBuffer: sets('nnadapter.set_subgraph_partition_config_buffer', text('buffer')),
}

/** `paddle.inference.Config.nnadapter()`. Its setters are recorded in the Config. */
export class Nnadapter extends (Object as unknown as new () => NnadapterMethods) {}
defineMethods(Nnadapter, nnadapterMethods, 'nnadapter().')
