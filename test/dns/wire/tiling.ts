/** What must hold of the spans of any octets whatever. */
import { layout } from '../../../src/dns/wire/layout.ts';
import type { Span } from '../../../src/dns/wire/span.ts';

export const leaves = (span: Span): Span[] => (span.children.length === 0 ? [span] : span.children.flatMap(leaves));
export const spansOf = (span: Span): Span[] => [span, ...span.children.flatMap(spansOf)];

/** Lays `bytes` out and throws unless the leaves tile every octet once, children fill their parents and bits their span. */
export function tiled(bytes: Uint8Array): Span {
  const tree = layout(bytes);
  let next = 0;
  for (const leaf of bytes.length === 0 ? [] : leaves(tree)) {
    if (leaf.start !== next || leaf.end <= leaf.start)
      throw new Error(`a leaf at ${leaf.start}–${leaf.end} follows octet ${next}`);
    next = leaf.end;
  }
  if (tree.start !== 0 || tree.end !== bytes.length || next !== bytes.length)
    throw new Error('the tree does not cover the message');
  for (const span of spansOf(tree)) {
    const [first, last] = [span.children[0], span.children.at(-1)];
    if (first && last && (first.start !== span.start || last.end !== span.end)) throw new Error(`"${span.label}" is not filled`);
    if (span.target !== undefined && span.target >= span.start) throw new Error('a pointer leads forward');
    if (span.label === '') throw new Error('a span has no label');
    if (span.bits) checkBits(span, span.bits);
  }
  return tree;
}

function checkBits(span: Span, bits: NonNullable<Span['bits']>): void {
  let bit = 0;
  for (const field of bits) {
    if (field.from !== bit) throw new Error(`bits of "${span.label}" leave a gap`);
    bit = field.to;
  }
  if (bit !== (span.end - span.start) * 8) throw new Error(`bits of "${span.label}" do not fill it`);
}
