/** A peer, or something that a row needs, cannot be had here: the row says so, and the others go on. */
export class Unavailable extends Error {}
