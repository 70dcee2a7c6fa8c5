export { Lane, aligned } from './region.js'
export { Worker } from './worker.js'
export type { ConfigArgument, CreateRequest, PlacedTensor, RunReply, TensorInfo } from './protocol.js'
