import type { PoolEvent } from '../../src/inference/index.js'

/** The events of one type. */
export function fromPool<Type extends PoolEvent['type']>(
  events: readonly PoolEvent[],
  type: Type,
): Extract<PoolEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<PoolEvent, { type: Type }> => event.type === type)
}
