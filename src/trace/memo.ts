/** Indexes of a trace: worked out when first asked for, kept as long as the trace is. */

/** The same function, whose result for an object is worked out once. */
export function memoised<K extends object, V>(work: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = work(key);
      known.set(key, found);
    }
    return found;
  };
}
