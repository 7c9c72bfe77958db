/** What the mail program knows while it brings a letter, and what it says on the way (RFC 5321); `mailer.ts` says when. */
import { type Address, isIPv6 } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import type { Duration } from '../../base/time.ts';
import { type Name, parseName, ROOT } from '../../dns/name.ts';
import { dataOf } from '../../dns/record.ts';
import type { Conclusion, InstancePath } from '../../trace/trace.ts';
import type { EffectParams, Given } from '../effects.ts';
import { ephemeralPort, type LookupResult } from './lookup.ts';

export interface MailerInput {
  readonly self: InstancePath;
  readonly stub: InstancePath;
  /** The host's own addresses. */
  readonly own: readonly Address[];
  readonly thinking: Duration;
}

export interface Letter extends MailerInput, Delivery {
  /** Recipients of letters that wait. */
  readonly line: readonly string[];
}

/** A letter on its way. */
interface Delivery {
  /** Counts letters, to name requests. */
  readonly letters: number;
  readonly to: string;
  readonly domain: Name;
  /** Mail exchanges not yet tried, the most preferred first. */
  readonly exchanges: readonly Name[];
  readonly exchange: Name;
  /** Addresses of the present exchange not yet tried. */
  readonly addresses: readonly Address[];
  readonly address: Address | undefined;
  /** Why the servers that were tried did not take it. */
  readonly reasons: readonly Reason[];
}

/** The name of the one connection that the mail program has at a time. */
export const CONNECTION = 'mail';

/** A new letter. A recipient without a domain that could be looked up is asked for at the root, where no mail is taken. */
export function beginLetter({ letters }: Pick<Delivery, 'letters'>, to: string): Delivery {
  const domain = parseName(to.slice(to.lastIndexOf('@') + 1));
  return {
    letters: letters + 1,
    to,
    domain: typeof domain === 'string' ? domain : ROOT,
    exchanges: [],
    exchange: ROOT,
    addresses: [],
    address: undefined,
    reasons: [],
  };
}

/**
 * The domain's mail exchanges in the order of their preference; a domain without MX records takes its mail itself (RFC 5321
 * §5.1), one whose only exchange is the root takes none (RFC 7505 §3).
 */
export function takeExchanges({ domain, reasons }: Letter, result: LookupResult): Pick<Letter, 'exchanges' | 'reasons'> {
  if (result.kind === 'failed') return { exchanges: [], reasons: [...reasons, ...result.reasons] };
  if (result.rcode === 'NXDOMAIN') {
    const why = reason('no-such-domain', `There is no domain ${domain}`, 'RFC 5321 §5.1');
    return { exchanges: [], reasons: [...reasons, why] };
  }
  const listed = result.records.flatMap((r) => dataOf(r, 'MX') ?? []).sort((a, b) => a.preference - b.preference);
  if (listed.length === 1 && listed[0]?.exchange === ROOT) {
    const why = reason('null-mx', `${domain} says that it takes no mail.`, 'RFC 7505 §3');
    return { exchanges: [], reasons: [...reasons, why] };
  }
  return { exchanges: listed.length > 0 ? listed.map(({ exchange }) => exchange) : [domain], reasons };
}

export const nextExchange = ({ exchanges }: Letter): Pick<Letter, 'exchange' | 'exchanges' | 'addresses'> => ({
  exchange: exchanges[0] as Name,
  exchanges: exchanges.slice(1),
  addresses: [],
});

export function takeAddresses({ addresses, own, exchange, reasons }: Letter, result: LookupResult): Partial<Letter> {
  if (result.kind === 'failed') return { reasons: [...reasons, ...result.reasons] };
  const found = result.records
    .flatMap((r) => dataOf(r, 'AAAA')?.address ?? dataOf(r, 'A')?.address ?? [])
    .filter((a) => own.some((mine) => isIPv6(mine) === isIPv6(a)));
  if (found.length > 0) return { addresses: [...addresses, ...found] };
  return { reasons: [...reasons, reason('no-address', `${exchange} has no address that can be reached.`, 'RFC 5321 §5.1')] };
}

export function openTo({ address, own, letters, exchange }: Letter, { draw }: Given): EffectParams['open'] {
  const to = address as Address;
  const mine = own.find((a) => isIPv6(a) === isIPv6(to)) as Address;
  const port = ephemeralPort(draw(`m${letters} ${exchange} ${to} port`));
  return { connection: CONNECTION, from: { address: mine, port }, to: { address: to, port: 25 }, framing: 'smtp' };
}

/** RFC 5321 §4.2.1: a reply that begins with 2 or 3 lets one go on. */
export const isGood = (reply: Uint8Array): boolean => reply[0] === 0x32 || reply[0] === 0x33;

const line = (...text: readonly string[]): EffectParams['transmit'] => ({
  connection: CONNECTION,
  bytes: encoder.encode(text.map((one) => `${one}\r\n`).join('')),
});

const literal = (address: Address | undefined): string => `[${address?.includes(':') ? 'IPv6:' : ''}${address}]`;

/** What the mail program says, in this order (RFC 5321 §3.3). */
export const say = {
  hello: ({ own }: Letter) => line(`EHLO ${literal(own[0])}`),
  sender: ({ own }: Letter) => line(`MAIL FROM:<visitor@${literal(own[0])}>`),
  recipient: ({ to }: Letter) => line(`RCPT TO:<${to}>`),
  data: () => line('DATA'),
  letter: ({ to }: Letter) => line(`To: <${to}>`, 'Subject: Hello', '', 'A letter that found its way.', '.'),
  quit: () => line('QUIT'),
};

export const delivered = ({ to, exchange, address }: Letter): Conclusion => ({
  kind: 'delivered',
  to,
  host: exchange,
  address: address as Address,
});

export const undelivered = ({ to, reasons }: Letter): Conclusion => ({ kind: 'failed', question: to, reasons });

const encoder = new TextEncoder();
