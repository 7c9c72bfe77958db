/** Which message an octet of a TCP stream belongs to: known to those who record, not to those who receive. */
import type { Endpoint } from '../../base/address.ts';
import type { MessageId } from '../../trace/trace.ts';
import { endsKey } from './connections.ts';

/** Where each message ends in the octets that one end of a TCP connection sends. */
export function makeStreams() {
  const ways = new Map<string, { sent: number; messages: { readonly id: MessageId; readonly end: number }[] }>();
  return {
    put(from: Endpoint, to: Endpoint, id: MessageId, octets: number): void {
      const key = endsKey(from, to);
      const way = ways.get(key) ?? { sent: 0, messages: [] };
      way.sent += octets;
      way.messages.push({ id, end: way.sent });
      ways.set(key, way);
    },
    /** What was read once is not asked for again. */
    at(from: Endpoint, to: Endpoint, octet: number): MessageId {
      const way = ways.get(endsKey(from, to));
      while (way?.messages[0] && way.messages[0].end < octet) way.messages.shift();
      return way?.messages[0]?.id ?? -1;
    },
    forget: (from: Endpoint, to: Endpoint): void => void ways.delete(endsKey(from, to)),
  };
}
