export { Lane, aligned } from './region.js'
export { Worker, type WorkerOptions } from './worker.js'
export type { ConfigArgument, CreateRequest, Description, PlacedTensor, TensorInfo } from './protocol.js'
