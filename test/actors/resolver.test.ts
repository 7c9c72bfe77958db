import { describe, expect, it } from 'vitest';
import { tree } from './resolver/tree.ts';
import { lines, run } from './resolver/world.ts';

describe('a recursive resolver', () => {
  it('walks from the root to the zone that has the name, and answers', () => {
    const { asked, responses } = run({ servers: tree, asks: [{ at: 0, name: 'www.example.com.', type: 'A' }] });
    expect(asked).toEqual(['root www.example.com. A', 'com www.example.com. A', 'example www.example.com. A']);
    expect(lines(responses[0]?.answer)).toEqual(['www.example.com. 300 A 192.0.2.44']);
    expect(responses[0]?.flags).toMatchObject({ qr: true, aa: false, rd: true, ra: true, ad: false });
  });
});
