/** The Internet of the resolver's tests with signed zones: the root, com and example.com, and net and example.net without keys. */
import { hexText } from '../../../src/base/octets.ts';
import { START_DATE } from '../../../src/base/time.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import { type DenialPolicy, signZone } from '../../../src/dns/dnssec/sign.ts';
import type { Message } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { dataOf } from '../../../src/dns/record.ts';
import type { ValidationSettings } from '../../../src/dns/resolve/settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/dns/resolve/settings.ts';
import type { Responder } from '../../../src/dns/responder.ts';
import { zoneResponder } from '../../../src/dns/zone/respond.ts';
import { makeZone, withRecords, type Zone } from '../../../src/dns/zone/zone.ts';
import { recordsOf, type ServerSpec } from './world.ts';

const SOA = '@ 900 SOA ns hostmaster 1 7200 900 1209600 900\n';
const TEXTS = {
  root: `${SOA}@ 518400 NS root.\nroot. 518400 A 198.41.0.4\ncom. 172800 NS ns.com.\nns.com. 172800 A 192.5.6.30\nnet. 172800 NS ns.net.\nns.net. 172800 A 192.5.6.31\n`,
  com: `${SOA}@ 172800 NS ns.com.\nns 172800 A 192.5.6.30\nexample 172800 NS ns.example\nexample 172800 NS ns2.example\nns.example 172800 A 192.0.2.53\nns2.example 172800 A 192.0.2.54\n`,
  net: `${SOA}@ 172800 NS ns.net.\nns 172800 A 192.5.6.31\nexample 172800 NS ns.example\nns.example 172800 A 198.51.100.53\n`,
  example: `${SOA}@ 172800 NS ns\n@ 172800 NS ns2\nns 172800 A 192.0.2.53\nns2 172800 A 192.0.2.54\nwww 300 A 192.0.2.44\nshop 300 CNAME www\nstore 300 CNAME www.example.net.\n*.wild 300 A 192.0.2.45\n*.alias 300 CNAME www\nsub 300 DNAME other\nwww.other 300 A 192.0.2.46\nloop 300 CNAME loop\n`,
  'example-net': `${SOA}@ 172800 NS ns\nns 172800 A 198.51.100.53\nwww 60 A 198.51.100.80\n`,
};

const signatures = memo<Uint8Array>();

export interface Signing {
  readonly denial?: DenialPolicy;
  /** Seconds after the start at which the signatures of example.com end. */
  readonly until?: number;
  /** com has the hash of another key of example.com. */
  readonly wrongKey?: boolean;
}

/** The servers, and the trust anchor of their root. `bent` changes what the first server of example.com says, `second` the other. */
export function signedTree(
  { denial = { kind: 'nsec' }, until = 1_000_000, wrongKey = false }: Signing = {},
  bent: { readonly first?: Bend; readonly second?: Bend } = {},
): { readonly servers: Record<string, ServerSpec>; readonly validation: ValidationSettings } {
  const sign = (origin: string, text: string, more: Zone['origin'][] | readonly string[], end = 10_000_000, seed = 'tests') =>
    signZone(withRecords(makeZone(name(origin), recordsOf(text, origin)), recordsOf(more.join('\n'), origin)), {
      seed,
      window: { inception: START_DATE - 3600, expiration: START_DATE + end },
      denial,
      memo: signatures,
    });
  const ds = (signed: ReturnType<typeof sign>): string => {
    const data = dataOf(signed.signer, 'DS');
    if (!data) throw new Error('no DS record');
    return `${signed.signer.name} 86400 DS ${data.keyTag} ${data.algorithm} ${data.digestType} ${hexText(data.digest)}`;
  };
  const example = sign('example.com.', TEXTS.example, [], until);
  const vouchedFor = wrongKey ? sign('example.com.', TEXTS.example, [], until, 'other') : example;
  const com = sign('com.', TEXTS.com, [ds(vouchedFor)]);
  const root = sign('.', TEXTS.root, [ds(com)]);
  const own = zoneResponder([example.zone]);
  const plain = (origin: string, text: string) => zoneResponder([makeZone(name(origin), recordsOf(text, origin))]);
  return {
    servers: {
      root: { address: '198.41.0.4', responder: zoneResponder([root.zone]) },
      com: { address: '192.5.6.30', responder: zoneResponder([com.zone]) },
      net: { address: '192.5.6.31', responder: plain('net.', TEXTS.net) },
      first: { address: '192.0.2.53', responder: bend(own, bent.first) },
      second: { address: '192.0.2.54', responder: bend(own, bent.second) },
      store: { address: '198.51.100.53', responder: plain('example.net.', TEXTS['example-net']) },
    },
    validation: { ...DEFAULT_SETTINGS.validation, trustAnchors: [ds(root)] },
  };
}

/** How a server departs from what its zone says. */
export type Bend = (said: Message) => Message;

const bend =
  (own: Responder, how: Bend | undefined): Responder =>
  (query, asking) => {
    const said = own(query, asking);
    return how ? { ...said, value: how(said.value) } : said;
  };

/** Leaves all signatures out. */
export const stripped: Bend = (said) => ({
  ...said,
  answer: said.answer.filter((r) => r.type !== 'RRSIG'),
  authority: said.authority.filter((r) => r.type !== 'RRSIG' && r.type !== 'NSEC' && r.type !== 'NSEC3'),
});

/** Says another address than the zone has. */
export const lying: Bend = (said) => ({
  ...said,
  answer: said.answer.map((r) => (r.type === 'A' ? { ...r, data: { address: '203.0.113.66' } } : r)) as Message['answer'],
});
