/** The Internet of the resolver's tests: the root, com, net and example.com, one server each, and ways to change a part of it. */
import type { Message } from '../../../src/dns/message.ts';
import { response } from '../../../src/dns/message.ts';
import type { Responder } from '../../../src/dns/responder.ts';
import { recordsOf, type ServerSpec } from './world.ts';

const SOA = '@ 900 SOA ns hostmaster 1 7200 900 1209600 86400\n';

const ROOT_ZONE = `${SOA}@ 518400 NS root.
root. 518400 A 198.41.0.4
com. 172800 NS ns.com.
ns.com. 172800 A 192.5.6.30
net. 172800 NS ns.net.
ns.net. 172800 A 192.5.6.31
`;
const COM_ZONE = `${SOA}@ 172800 NS ns.com.
ns 172800 A 192.5.6.30
example 172800 NS ns.example.com.
ns.example 172800 A 192.0.2.53
`;
const NET_ZONE = `${SOA}@ 172800 NS ns.net.
ns 172800 A 192.5.6.31
example 172800 NS ns.example.net.
ns.example 172800 A 198.51.100.53
`;
const EXAMPLE_ZONE = `${SOA}@ 172800 NS ns
ns 172800 A 192.0.2.53
www 300 A 192.0.2.44
www 300 TXT "web"
shop 300 CNAME store.example.net.
short 5 A 192.0.2.45
a.deep 300 A 192.0.2.46
`;

/** Servers by name; each zone text may be replaced or, with a leading "+", added to. */
export function tree(change: { root?: string; com?: string; net?: string; example?: string } = {}): Record<string, ServerSpec> {
  const text = (own: string, other: string | undefined): string =>
    other === undefined ? own : other.startsWith('+') ? own + other.slice(1) : other;
  return {
    root: { address: '198.41.0.4', zones: { '.': text(ROOT_ZONE, change.root) } },
    com: { address: '192.5.6.30', zones: { 'com.': text(COM_ZONE, change.com) } },
    net: { address: '192.5.6.31', zones: { 'net.': text(NET_ZONE, change.net) } },
    example: { address: '192.0.2.53', zones: { 'example.com.': text(EXAMPLE_ZONE, change.example) } },
    store: {
      address: '198.51.100.53',
      zones: { 'example.net.': `${SOA}@ 172800 NS ns\nns 172800 A 198.51.100.53\nstore 60 A 198.51.100.80\n` },
    },
  };
}

/** com's zone with two servers of example.com, both with glue. */
export const TWO_SERVERS = `+example 172800 NS ns2.example.com.\nns2.example 172800 A 192.0.2.54\n`;

/** A server of example.com that answers any question as told. */
export const server = (address: string, responder: (query: Message, asked: number) => Message | undefined): ServerSpec => {
  let asked = 0;
  const own: Responder = (query) => ({ value: responder(query, asked++) ?? response(query, { rcode: 'SERVFAIL' }), reasons: [] });
  return { address, responder: own };
};

/** A response with sections as master file text, relative to the root. */
export const says = (
  query: Message,
  parts: { answer?: string; authority?: string; additional?: string } & Omit<
    Parameters<typeof response>[1] & object,
    'answer' | 'authority' | 'additional'
  >,
): Message => {
  const { answer, authority, additional, ...rest } = parts;
  const sections = {
    answer: recordsOf(answer ?? ''),
    authority: recordsOf(authority ?? ''),
    additional: recordsOf(additional ?? ''),
  };
  return response(query, { flags: { aa: true }, ...rest, ...sections });
};
