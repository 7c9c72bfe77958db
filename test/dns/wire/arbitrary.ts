/** Arbitrary names, data and messages for properties: any octets in labels, any values in fields. */
import fc from 'fast-check';
import { addressFromBytes, cidr } from '../../../src/base/address.ts';
import type { Edns, EdnsOption, Message } from '../../../src/dns/message.ts';
import { opcodeName, rcodeName } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { fromLabels, labelText, name as nameOf, wireLength } from '../../../src/dns/name.ts';
import type { KnownType, RecordType, ResourceRecord, ServiceParameter } from '../../../src/dns/record.ts';
import { className, typeName } from '../../../src/dns/record.ts';
import type { FieldKind } from '../../../src/dns/wire/fields.ts';
import { FIELDS, isKnownType, LOCATION } from '../../../src/dns/wire/fields.ts';
import { parameterCode } from '../../../src/dns/wire/parameters.ts';

const u8 = fc.nat({ max: 0xff });
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffffffff });
const octets = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength, maxLength });
const ipv4 = octets(4, 4).map((b) => addressFromBytes(b));
const ipv6 = octets(16, 16).map((b) => addressFromBytes(b));

/** Names that share tails, names of any octets, names as long as names get. */
export const name: fc.Arbitrary<Name> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('example.com.', 'EXAMPLE.com.', 'www.example.com.', 'ns.example.net.', 'net.', '.').map(nameOf),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.array(fc.constantFrom('a', 'b', 'www', 'A', 'x\\.y', 'x'), { maxLength: 3 }),
          fc.constantFrom('com', 'net', 'y', 'com.net'),
        )
        .map(([left, right]) => fromLabels([...left, ...right.split('.')])),
    },
    { weight: 1, arbitrary: fc.array(octets(1, 63).map(labelText), { maxLength: 6 }).map(fromLabels) },
    { weight: 1, arbitrary: fc.array(octets(1, 1).map(labelText), { maxLength: 127 }).map(fromLabels) },
  )
  .filter((n) => wireLength(n) <= 255);

const recordType: fc.Arbitrary<RecordType> = u16.map(typeName);
const types = fc.uniqueArray(u16, { maxLength: 12 }).map((codes) => codes.sort((a, b) => a - b).map(typeName));

const parameter: fc.Arbitrary<ServiceParameter> = fc.oneof(
  fc.record({ key: fc.constant('mandatory' as const), keys: fc.array(u16, { minLength: 1, maxLength: 4 }) }),
  fc.record({ key: fc.constant('alpn' as const), ids: fc.array(octets(1, 20), { minLength: 1, maxLength: 3 }) }),
  fc.record({ key: fc.constant('no-default-alpn' as const) }),
  fc.record({ key: fc.constant('port' as const), port: u16 }),
  fc.record({ key: fc.constant('ipv4hint' as const), addresses: fc.array(ipv4, { minLength: 1, maxLength: 3 }) }),
  fc.record({ key: fc.constant('ech' as const), config: octets(0, 40) }),
  fc.record({ key: fc.constant('ipv6hint' as const), addresses: fc.array(ipv6, { minLength: 1, maxLength: 3 }) }),
  fc.record({ key: fc.constant('dohpath' as const), template: octets(0, 20) }),
  fc.record({ key: fc.integer({ min: 8, max: 0xffff }).map((n) => `key${n}` as const), value: octets(0, 20) }),
);

const VALUES: Readonly<Record<Exclude<FieldKind, 'location'>, fc.Arbitrary<unknown>>> = {
  u8,
  u16,
  u32,
  time: u32,
  ipv4,
  ipv6,
  'compressible-name': name,
  name,
  string: octets(0, 255),
  strings: fc.array(octets(0, 255), { minLength: 1, maxLength: 3 }),
  type: recordType,
  types,
  hex: octets(0, 64),
  base64: octets(0, 300),
  text: octets(0, 300),
  'counted-hex': octets(0, 255),
  'counted-base32': octets(0, 255),
  'service-parameters': fc
    .uniqueArray(parameter, { maxLength: 5, selector: (p) => p.key })
    .map((ps) => ps.sort((a, b) => parameterCode(a.key) - parameterCode(b.key))),
};

/** Data that fits its type. */
export function dataFor(type: KnownType): fc.Arbitrary<object> {
  const fields: readonly { name: string; kind: FieldKind }[] = type === 'LOC' ? LOCATION : FIELDS[type].fields;
  const parts = fields.map((f): [string, fc.Arbitrary<unknown>] => [f.name, VALUES[f.kind as Exclude<FieldKind, 'location'>]]);
  const data = fc.record(Object.fromEntries(parts), { noNullPrototype: true });
  if (type === 'LOC') return data.map((d) => ({ ...d, version: 0 }));
  return type === 'CAA' ? data.filter((d) => (d.tag as Uint8Array).length > 0) : data;
}

export const KNOWN_TYPES = Object.keys(FIELDS) as KnownType[];

const ttl = fc.nat({ max: 0x7fffffff });
const recordClass = fc.oneof({ weight: 9, arbitrary: fc.constant('IN' as const) }, { weight: 1, arbitrary: u16.map(className) });
const known = fc
  .constantFrom(...KNOWN_TYPES)
  .chain((type) => fc.record({ name, type: fc.constant(type), class: recordClass, ttl, data: dataFor(type) }));
const unknown = fc.record({
  name,
  type: recordType.filter((t) => t !== 'OPT' && !isKnownType(t)),
  class: recordClass,
  ttl,
  data: octets(0, 60).map((opaque) => ({ opaque })),
});
export const resourceRecord = fc.oneof(
  { weight: 9, arbitrary: known },
  { weight: 1, arbitrary: unknown },
) as fc.Arbitrary<ResourceRecord>;

export const ednsOption: fc.Arbitrary<EdnsOption> = fc.oneof(
  fc
    .tuple(ipv4, fc.nat({ max: 32 }), fc.nat({ max: 32 }))
    .map(([base, prefix, scope]) => ({ option: 'client-subnet' as const, subnet: cidr(base, prefix), scope })),
  fc
    .tuple(ipv6, fc.nat({ max: 128 }), fc.nat({ max: 128 }))
    .map(([base, prefix, scope]) => ({ option: 'client-subnet' as const, subnet: cidr(base, prefix), scope })),
  fc.record(
    { option: fc.constant('cookie' as const), client: octets(8, 8), server: octets(8, 32) },
    { requiredKeys: ['option', 'client'] },
  ),
  fc.record({ option: fc.constant('extended-error' as const), code: u16, text: fc.string({ unit: 'binary', maxLength: 20 }) }),
  fc.record({ option: fc.constant('padding' as const), length: fc.nat({ max: 200 }) }),
  fc.record({ option: fc.constant('keepalive' as const), timeout: u16 }, { requiredKeys: ['option'] }),
  fc.record({ option: fc.constant('nsid' as const), id: octets(0, 20) }),
  fc.record({ option: fc.constant('other' as const), code: fc.integer({ min: 16, max: 0xffff }), data: octets(0, 20) }),
);

const edns: fc.Arbitrary<Edns> = fc.record(
  {
    version: u8,
    udpSize: u16,
    do: fc.boolean(),
    z: fc.integer({ min: 1, max: 0x7fff }),
    options: fc.array(ednsOption, { maxLength: 4 }),
  },
  { requiredKeys: ['version', 'udpSize', 'do', 'options'] },
);

const flags = fc.record({
  qr: fc.boolean(),
  aa: fc.boolean(),
  tc: fc.boolean(),
  rd: fc.boolean(),
  ra: fc.boolean(),
  z: fc.boolean(),
  ad: fc.boolean(),
  cd: fc.boolean(),
});

const records = fc.array(resourceRecord, { maxLength: 6 });

/** Messages that have a wire form. */
export const message: fc.Arbitrary<Message> = fc
  .record(
    {
      id: u16,
      opcode: fc.nat({ max: 15 }).map(opcodeName),
      rcode: fc.nat({ max: 0xfff }).map(rcodeName),
      flags,
      question: fc.array(fc.record({ name, type: recordType, class: u16.map(className) }), { maxLength: 2 }),
      answer: records,
      authority: records,
      additional: records,
      edns,
    },
    { requiredKeys: ['id', 'opcode', 'rcode', 'flags', 'question', 'answer', 'authority', 'additional'] },
  )
  .map((m) => ('edns' in m ? m : { ...m, rcode: 'NXDOMAIN' as const })) as fc.Arbitrary<Message>;
