/** DNS messages for tests: responses to "www.example.com. A" unless told otherwise. */
import { type Flags, type Message, NO_FLAGS } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import type { ResourceRecord } from '../../src/dns/record.ts';

export type { Message, ResourceRecord };

export const message = ({
  flags = { qr: true },
  ...change
}: Partial<Omit<Message, 'flags'>> & { flags?: Partial<Flags> }): Message => ({
  id: 4711,
  opcode: 'QUERY',
  rcode: 'NOERROR',
  flags: { ...NO_FLAGS, ...flags },
  question: [{ name: name('www.example.com.'), type: 'A', class: 'IN' }],
  answer: [],
  authority: [],
  additional: [],
  ...change,
});
