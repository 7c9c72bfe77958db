/** `rootwalk dig`: asks the simulated resolver, and prints as dig does. */
import { domainToASCII } from 'node:url';
import { endpointText } from '../base/address.ts';
import { between, inMilliseconds } from '../base/time.ts';
import { parseName } from '../dns/name.ts';
import { parseType } from '../dns/record.ts';
import { nearest } from '../scenario/nearest.ts';
import { run } from '../scenario/run.ts';
import type { Scenario, World } from '../scenario/schema.ts';
import { describeMessage, hostAt } from '../trace/describe.ts';
import { digLines, recordLines } from '../trace/dig.ts';
import type { MessageRecord, Trace } from '../trace/trace.ts';
import { complain, EXIT, type Exit, type Io } from './io.ts';
import { broughtZones, openScenario } from './open.ts';
import { type Asked, HERE, type Place, placeFrom, serverFrom, withSubnet } from './places.ts';
import { comparison, whyText } from './why.ts';

export interface DigArguments {
  readonly scenario?: string;
  readonly zone?: readonly string[];
  readonly origin?: string;
  /** Where to ask from; several are compared. */
  readonly from?: readonly string[];
  /** Tell why each answer is what it is. */
  readonly why?: boolean;
  readonly json?: boolean;
}

const TYPES = [
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'TXT',
  'SOA',
  'PTR',
  'SRV',
  'CAA',
  'DS',
  'DNSKEY',
  'HTTPS',
  'SVCB',
  'NAPTR',
  'TLSA',
  'SSHFP',
  'ANY',
];
const SWITCHES = ['+trace', '+short', '+norec', '+dnssec', '+cd', '+subnet=NETWORK'];
const SUBNET = '+subnet=';

export function digCommand(io: Io, words: readonly string[], options: DigArguments): Exit {
  const switches = words.filter((word) => word.startsWith('+'));
  const unknown = switches.find((word) => !SWITCHES.includes(word) && !word.startsWith(SUBNET));
  if (unknown !== undefined)
    return complain(
      io,
      `"${unknown}" is no switch of this dig; it knows ${SWITCHES.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`,
    );
  const question = questionOf(
    io,
    words.filter((word) => !/^[+@]/.test(word)),
  );
  if (!question) return EXIT.badInput;
  const opened = openScenario(io, options.scenario ?? 'first-visit');
  if (!opened) return EXIT.badInput;
  const brought = broughtZones(io, options);
  if (!brought) return EXIT.badInput;
  const overlay = brought.zones?.world ?? {};
  const layers = [opened.scenario.world ?? {}, overlay];
  const at = words.filter((word) => word.startsWith('@')).at(-1);
  const server = at === undefined ? undefined : serverFrom(io, at.slice(1), layers);
  if (at !== undefined && server === undefined) return EXIT.badInput;
  const wishes = {
    ...(server === undefined ? {} : { of: server, rd: true }),
    ...(switches.includes('+norec') ? { rd: false } : {}),
    ...(switches.includes('+dnssec') ? { do: true } : {}),
    ...(switches.includes('+cd') ? { cd: true } : {}),
  };
  const subnet = switches.find((word) => word.startsWith(SUBNET))?.slice(SUBNET.length);
  const places = placesOf(io, options.from ?? [], subnet, layers);
  if (!places) return EXIT.badInput;
  const asked = places.map((place): Asked => {
    const by = place.by === undefined ? {} : { by: place.by };
    const line = { at: 0, ask: `${question.name} ${question.type}`, ...by, ...wishes };
    const scenario: Scenario = { ...opened.scenario, stimuli: [line] };
    const world = { ...overlay, hosts: { ...overlay.hosts, ...place.layer.hosts } };
    const trace = run(scenario, { name: opened.name, overlay: world });
    const answer = trace.messages.findLast((message) => message.protocol === 'dns' && isFor(trace, message));
    return { place, trace, ...(answer ? { answer } : {}) };
  });
  if (options.json) {
    const data = asked.map((one) => asData(one, options.why === true));
    io.out(`${JSON.stringify(data.length === 1 ? data[0] : data, null, 2)}\n`);
    return EXIT.held;
  }
  for (const one of asked) {
    if (asked.length > 1) io.out(`;; From ${one.place.title}\n`);
    io.out(answerText(one, switches, question));
    if (options.why) io.out(`${whyText(one).join('\n')}\n\n`);
  }
  if (asked.length > 1) io.out(`${comparison(asked).join('\n')}\n`);
  return EXIT.held;
}

function placesOf(io: Io, from: readonly string[], subnet: string | undefined, layers: readonly World[]): Place[] | undefined {
  const places = from.length === 0 ? [HERE] : from.map((word) => placeFrom(io, word, layers));
  const sent = places.map((place) => (place && subnet !== undefined ? withSubnet(io, place, subnet) : place));
  const found = sent.flatMap((place) => place ?? []);
  return found.length === sent.length ? found : undefined;
}

function answerText({ trace, answer }: Asked, switches: readonly string[], question: { name: string; type: string }): string {
  if (!answer) return `;; connection timed out; no servers could be reached\n`;
  if (switches.includes('+short')) return short(trace, answer);
  return switches.includes('+trace') ? walked(trace, answer) : asked(trace, answer, question);
}

/** A name and a type, in either order; the type is A when it is left out. */
function questionOf(io: Io, words: readonly string[]): { name: string; type: string } | undefined {
  const [first, second, ...more] = words;
  if (first === undefined || more.length > 0) {
    complain(
      io,
      `${words.length === 0 ? 'nothing to ask for' : `too many words (${more.join(' ')})`}: give a name and, if it is not A, a type ("www.example.com AAAA")`,
    );
    return undefined;
  }
  const swapped = second !== undefined && parseType(first) !== undefined && parseType(second) === undefined;
  const [text, typeText] = swapped ? [second, first] : [first, second ?? 'A'];
  // As dig does, and browsers do: letters beyond ASCII are asked for in their "xn--" form (RFC 5891 §5).
  const name = parseName(/[^\0-\x7f]/.test(text) ? domainToASCII(text) || text : text);
  if (typeof name !== 'string') {
    complain(io, `"${text}" is no domain name: ${name.problem} (at character ${name.at + 1})`);
    return undefined;
  }
  const type = parseType(typeText);
  if (type === undefined) {
    const meant = nearest(typeText, TYPES);
    const known = `${TYPES.join(', ')}, and TYPE0 to TYPE65535`;
    complain(io, `"${typeText}" is no record type; ${meant === undefined ? `there are ${known}` : `the nearest is ${meant}`}`);
    return undefined;
  }
  return { name, type };
}

const isFor = (trace: Trace, message: MessageRecord): boolean => {
  const role = hostAt(trace, message.to.address)?.role;
  return (role === 'browser' || role === 'program') && describeMessage(trace, message.id).kind !== 'query';
};

function asked(trace: Trace, answer: MessageRecord, question: { name: string; type: string }): string {
  const { dns } = describeMessage(trace, answer.id);
  const lines = [
    '',
    `; <<>> Rootwalk <<>> ${question.name} ${question.type}`,
    ';; Got answer:',
    ...(dns ? digLines(dns) : []),
    '',
    `;; Query time: ${roundTrip(trace, answer)} msec`,
    `;; SERVER: ${serverText(trace, answer)} (${answer.transport.toUpperCase()})`,
    `;; MSG SIZE  rcvd: ${answer.bytes.length}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** Every response that the resolver got on its way, and then the one that it gave. */
function walked(trace: Trace, answer: MessageRecord): string {
  const steps = trace.messages.filter(
    (message) =>
      message.protocol === 'dns' && message.answers !== undefined && hostAt(trace, message.to.address)?.role === 'resolver',
  );
  const lines = [...steps, answer].flatMap((message) => {
    const { dns } = describeMessage(trace, message.id);
    const records = dns ? [...dns.answer, ...dns.authority, ...dns.additional] : [];
    const status = dns && dns.rcode !== 'NOERROR' ? [`;; status: ${dns.rcode}`] : [];
    return [
      '',
      ...status,
      ...recordLines(records),
      `;; Received ${message.bytes.length} bytes from ${serverText(trace, message)} in ${roundTrip(trace, message)} ms`,
    ];
  });
  return `${lines.join('\n')}\n\n`;
}

function short(trace: Trace, answer: MessageRecord): string {
  const { dns } = describeMessage(trace, answer.id);
  return recordLines(dns?.answer ?? [])
    .map((line) => `${line.split(/\s+/).slice(4).join(' ')}\n`)
    .join('');
}

/** Milliseconds from the query to the arrival of its response. */
function roundTrip(trace: Trace, response: MessageRecord): string {
  const query = trace.messages[response.answers ?? -1];
  const arrival = trace.packets[response.packets.at(-1) ?? -1]?.fate;
  return query && arrival ? inMilliseconds(between(query.sentAt, arrival.at)).toFixed(1) : '?';
}

function serverText(trace: Trace, message: MessageRecord): string {
  const title = hostAt(trace, message.from.address)?.title;
  return `${endpointText(message.from).replace(/:(\d+)$/, '#$1')}${title === undefined ? '' : `(${title})`}`;
}

function asData(one: Asked, withWhy: boolean): object {
  const { place, trace, answer } = one;
  const from = place.by === undefined ? {} : { from: place.title };
  const why = withWhy ? { why: whyText(one) } : {};
  if (!answer) return { ...from, message: null, ...why };
  const { dns } = describeMessage(trace, answer.id);
  return {
    ...from,
    server: endpointText(answer.from),
    bytes: answer.bytes.length,
    milliseconds: Number(roundTrip(trace, answer)),
    message: dns,
    ...why,
  };
}
