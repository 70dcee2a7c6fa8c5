/** Summarises a distribution; without values, everything is NaN. @param values - in ascending order */
export function distributionOf(values: readonly number[]) {
  return {
    min: nearestRank(values, 0),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    p50: nearestRank(values, 50),
    p95: nearestRank(values, 95),
    p99: nearestRank(values, 99),
    max: nearestRank(values, 100),
  }
}

/**
 * The percentile by nearest rank: the smallest value that at least `percent` % of the values do not exceed.
 *
 * @param values - in ascending order
 */
export function nearestRank(values: readonly number[], percent: number): number {
  // Multiply before dividing: integers are exact.
  const rank = Math.ceil((percent * values.length) / 100)
  return values[Math.max(0, rank - 1)] ?? NaN
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
