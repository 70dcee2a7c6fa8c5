import { defineMethods } from './install.js'
import { names, text } from './params.js'
import { sets, type Table } from './spec.js'

/** How Paddle Lite reaches a neural processor, as `Config.nnadapter()` gives it (2.6 only). */
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

/** `paddle.inference.Config.nnadapter()`: its setters are recorded in the Config. */
export class Nnadapter extends (Object as unknown as new () => NnadapterMethods) {}
defineMethods(Nnadapter, nnadapterMethods, 'nnadapter().')
