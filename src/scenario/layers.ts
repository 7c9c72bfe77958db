/** What is worked out once for the same layers of a world's description, which are never changed once loaded. */
import type { World } from './schema.ts';

/** The same function, whose result for the same layers, by identity and in the same order, is worked out once. */
export function oncePerLayers<V>(work: (layers: readonly World[]) => V): (layers: readonly World[]) => V {
  const known = newNode<V>();
  return (layers) => {
    let node = known;
    for (const layer of layers) {
      const next = node.above.get(layer) ?? newNode<V>();
      node.above.set(layer, next);
      node = next;
    }
    node.found ??= { value: work(layers) };
    return node.found.value;
  };
}

/** What is known of some layers, and of those layers with one more on top. */
interface Node<V> {
  found?: { readonly value: V };
  readonly above: WeakMap<World, Node<V>>;
}

const newNode = <V>(): Node<V> => ({ above: new WeakMap() });
