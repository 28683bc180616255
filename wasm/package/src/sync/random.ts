/** A random number of 0 to 1, from the system's generator. */
export function uniform(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32;
}
