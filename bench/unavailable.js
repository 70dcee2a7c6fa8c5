/**
 * A peer or a requirement of a row is not available here: the row reports this, and the other rows continue.
 */
export class Unavailable extends Error {}
