/** The figures that a distribution is shown by. @param values - in ascending order; at least one */
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
 * The least of the values that so many percent of them do not exceed: always one that was measured.
 *
 * @param values - in ascending order; at least one
 */
export function nearestRank(values: readonly number[], percent: number): number {
  // 0.99 × 100 is 99 only as whole numbers.
  const rank = Math.ceil((percent * values.length) / 100)
  return values[Math.max(0, rank - 1)] ?? NaN
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
