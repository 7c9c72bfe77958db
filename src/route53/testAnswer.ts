/** `test-dns-answer`, the console's "Test record": what the zone would answer, computed and sent nowhere (API, TestDNSAnswer). */
import type { Address } from '../base/address.ts';
import { cidr, isIPv6, parseAddress } from '../base/address.ts';
import type { Instant } from '../base/time.ts';
import { query } from '../dns/message.ts';
import { dataText } from '../dns/presentation.ts';
import type { RecordType } from '../dns/record.ts';
import { parseType } from '../dns/record.ts';
import { encode } from '../dns/wire/encode.ts';
import type { Fault } from './faults.ts';
import type { HostedZone } from './hostedZone.ts';
import { nameServersOf } from './hostedZone.ts';
import { isNameFault, octalEscapes, parseServiceName } from './names.ts';
import type { Answered, ZoneServices } from './respond.ts';
import { hostedZoneSet, respond } from './respond.ts';

export interface TestInput {
  readonly recordName: string;
  readonly recordType: string;
  /** A resolver's address; by default one in us-east-1. */
  readonly resolverIp?: string;
  readonly edns0ClientSubnetIp?: string;
  /** 24 by default for IPv4, 64 for IPv6. */
  readonly edns0ClientSubnetMask?: number;
}

/** The answer in the API's words. */
export interface TestOutput {
  readonly nameserver: string;
  readonly recordName: string;
  readonly recordType: string;
  /** Only what the answer section shows; a delegation is not. */
  readonly recordData: readonly string[];
  readonly responseCode: string;
  readonly protocol: 'UDP' | 'TCP';
}

export type TestResult =
  | { readonly ok: true; readonly output: TestOutput /** The whole response and its decisions. */; readonly answered: Answered }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** The address from which us-east-1 asks in the built-in world. */
const DEFAULT_RESOLVER = '198.18.24.53';
/** Octets of UDP payload that Route 53 sends to a client that takes them (Developer Guide, DNSBehavior). */
const MAX_UDP = 4096;
const SOURCE = 'API Reference, TestDNSAnswer';

/** Computes the answer of a public zone, whether or not its domain is delegated to it. */
export function testDnsAnswer(
  zone: HostedZone,
  services: ZoneServices,
  input: TestInput,
  asking: { readonly now: Instant; random(): number },
): TestResult {
  const faults: Fault[] = [];
  const refuse = (field: string, text: string, expected: string): undefined => {
    faults.push({ code: 'InvalidInput', text, expected, path: [field], source: SOURCE });
    return undefined;
  };
  if (zone.scope.kind === 'private')
    refuse('HostedZoneId', 'This operation is not supported for private hosted zones', 'a public hosted zone');
  const name = parseServiceName(input.recordName);
  if (isNameFault(name)) refuse('RecordName', `Invalid record name ${input.recordName}`, `a domain name (${name.words})`);
  const type = parseType(input.recordType);
  if (type === undefined) refuse('RecordType', `Invalid record type ${input.recordType}`, 'a record type, such as A');
  const source = parseAddress(input.resolverIp ?? DEFAULT_RESOLVER);
  if (source === undefined) refuse('ResolverIP', `Invalid IP address ${input.resolverIp}`, 'the address of a resolver');
  const subnet = readSubnet(input, refuse);
  if (faults.length > 0 || isNameFault(name) || type === undefined || source === undefined) return { ok: false, faults };
  const message = query(
    0,
    { name, type: type as RecordType, class: 'IN' },
    { edns: { version: 0, udpSize: MAX_UDP, do: false, options: [] } },
  );
  const answered = respond(hostedZoneSet([zone]), services, message, {
    now: asking.now,
    source,
    ...(subnet === undefined ? {} : { subnet }),
    random: () => asking.random(),
  });
  const output: TestOutput = {
    nameserver: nameServersOf(zone)[0].replace(/\.$/, ''),
    recordName: input.recordName,
    recordType: type,
    recordData: answered.value.answer.map((record) => octalEscapes(dataText(record.type, record.data))),
    responseCode: answered.value.rcode,
    protocol: encode(answered.value).length > MAX_UDP ? 'TCP' : 'UDP',
  };
  return { ok: true, output, answered };
}

function readSubnet(input: TestInput, refuse: (field: string, text: string, expected: string) => undefined) {
  const { edns0ClientSubnetIp: text, edns0ClientSubnetMask: mask } = input;
  if (text === undefined) {
    if (mask !== undefined) refuse('EDNS0ClientSubnetMask', 'A mask needs an address', 'EDNS0ClientSubnetIP beside the mask');
    return undefined;
  }
  const address: Address | undefined = parseAddress(text);
  if (address === undefined) return refuse('EDNS0ClientSubnetIP', `Invalid IP address ${text}`, 'an IPv4 or IPv6 address');
  const most = isIPv6(address) ? 128 : 32;
  const prefix = mask ?? (isIPv6(address) ? 64 : 24);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most)
    return refuse('EDNS0ClientSubnetMask', `Invalid mask ${mask}`, `a whole number from 0 to ${most}`);
  return cidr(address, prefix);
}
