import { describe, expect, it } from 'vitest';
import { readPcap } from '../../src/sim/pcap.ts';
import { readTrace } from '../../src/trace/archive.ts';
import { goldenText } from '../golden/texts.ts';
import { traceOf } from '../scenario/library.ts';
import { rootwalk } from './io.ts';

const ZONE = '$TTL 60\n@ SOA ns1 admin 1 7200 900 1209600 900\n@ NS ns1\nns1 A 192.0.2.1\nwww A 192.0.2.77\n';
const SCENARIO = 'title: mine\nstimuli: [{ at: 0, visit: www.example.com }]\nexpect: [{ rail: 1-9 }]\n';

describe('run', () => {
  it('prints the transcript and says that the expectations hold', () => {
    const { exit, out, err } = rootwalk(['run', 'first-visit']);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toBe(`${goldenText('first-visit')}; All 7 expectations hold.\n`);
  });

  it('prints the whole trace as JSON', () => {
    const { exit, out } = rootwalk(['run', 'first-visit', '--json']);
    expect(exit).toBe(0);
    expect(readTrace(out)).toEqual(traceOf('first-visit'));
  });

  it('writes a capture with every packet of the run', () => {
    const { exit, files } = rootwalk(['run', 'packet-loss', '--pcap', 'loss.pcap']);
    expect(exit).toBe(0);
    const capture = readPcap(files.get('loss.pcap') ?? new Uint8Array());
    if (!capture.ok) throw new Error(capture.error.text);
    expect(capture.problem).toBeUndefined();
    expect(capture.frames.map(({ packet }) => packet?.payload)).toEqual(
      traceOf('packet-loss').packets.map(({ payload }) => payload),
    );
  });

  it('takes a file, and exits 1 when an expectation fails', () => {
    expect(rootwalk(['run', 'mine.yaml'], { files: { 'mine.yaml': SCENARIO } }).exit).toBe(0);
    const wrong = rootwalk(['run', 'mine.yaml'], { files: { 'mine.yaml': SCENARIO.replace('1-9', '1-7') } });
    expect(wrong.exit).toBe(1);
    expect(wrong.err).toBe('mine: expect[0]: the rail is 1-9, not 1-7\n');
  });

  it('serves a zone file in the scenario’s world', () => {
    const { exit, out } = rootwalk(['run', 'first-visit', '--zone', 'example.com.zone'], { files: { 'example.com.zone': ZONE } });
    expect(exit).toBe(0);
    expect(out).toContain('www.example.com.  60  IN  A  192.0.2.77');
  });

  it('writes the query log: what reached the zone’s servers, not what a cache answered', () => {
    const { exit, out } = rootwalk(['run', 'five-minutes-later', '--query-log', '-']);
    expect(exit).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatch(/^1\.0 \S+Z Z0SIMZONE0EXAMPLE1 www\.example\.com A NOERROR UDP [A-Z]{3}50 198\.18\.0\.53 -$/);
    const { files, out: transcript } = rootwalk(['run', 'five-minutes-later', '--query-log', 'q.log']);
    expect(new TextDecoder().decode(files.get('q.log'))).toBe(out);
    expect(transcript).toContain(';; VISIT 1');
    expect(rootwalk(['run', 'first-visit', '--query-log', '/nowhere/q.log'])).toMatchObject({ exit: 2 });
  });

  it('takes another seed', () => {
    const { exit, out } = rootwalk(['run', 'first-visit', '--seed', '1']);
    expect(exit).toBe(0);
    expect(out).toContain('; first-visit, seed 1\n');
    expect(out).not.toBe(goldenText('first-visit'));
  });
});

describe('list', () => {
  it('names the lessons by chapter, in teaching order', () => {
    const { exit, out } = rootwalk(['list']);
    expect(exit).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([
      '1 The nine steps',
      expect.stringMatching(/^ {2}first-visit +How does a name become a page\? \(6 min, for anyone\)$/),
      expect.stringMatching(/^ {2}who-asks-whom /),
    ]);
  });

  it('gives the same as JSON', () => {
    const cards: { name: string; chapter: number; lesson: number }[] = JSON.parse(rootwalk(['list', '--json']).out);
    const places = cards.map(({ chapter, lesson }) => chapter * 1_000 + lesson);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(cards[0]).toMatchObject({ name: 'first-visit', chapter: 1, audience: 'anyone', minutes: 6 });
  });
});

describe('check', () => {
  const files = {
    'good.yaml': SCENARIO,
    'bad.yaml': 'titel: x\nstimuli: 3\n',
    'good.zone': `$ORIGIN example.com.\n${ZONE}`,
    'bad.zone': '$ORIGIN example.com.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a\nwww 60 A 1.2.3\n',
    'sets.json': '{ "ResourceRecordSets": [ { "Name": "example.com.", "Type": "A", "TTL": "soon" } ] }',
  };

  it('says of each file that has no mistake what it is', () => {
    const { exit, out } = rootwalk(['check', 'good.yaml', 'good.zone'], { files });
    expect([exit, out]).toEqual([0, 'good.yaml: a scenario without a mistake\ngood.zone: a zone file without a mistake\n']);
  });

  it('names every mistake of every file, with line and column', () => {
    const { exit, err } = rootwalk(['check', 'bad.yaml', 'bad.zone', 'sets.json'], { files });
    expect(exit).toBe(2);
    const lines = err.trim().split('\n');
    expect(lines.slice(0, -1).every((line) => /^(bad|sets)\.\w+:\d+:\d+: .*found .*, expected /.test(line))).toBe(true);
    expect(new Set(lines.map((line) => line.split(':')[0]))).toEqual(
      new Set(['bad.yaml', 'bad.zone', 'sets.json', lines.at(-1)]),
    );
    expect(lines.at(-1)).toMatch(/^\d+ mistakes$/);
  });

  it('gives the same as JSON', () => {
    const results: { kind: string; mistakes: unknown[] }[] = JSON.parse(
      rootwalk(['check', '--json', 'good.yaml', 'bad.yaml'], { files }).out,
    );
    expect(results.map(({ kind, mistakes }) => [kind, mistakes.length > 0])).toEqual([
      ['scenario', false],
      ['scenario', true],
    ]);
  });
});

const QUERY = 'd8d1010000010000000000000377777707657861' + '6d706c6503636f6d0000010001';

describe('decode', () => {
  it.each([
    ['digits in a row', QUERY],
    ['pairs', QUERY.replace(/../g, '$& ')],
    ['colons', QUERY.replace(/..(?=.)/g, '$&:')],
    ['0x and commas', QUERY.replace(/../g, '0x$&, ')],
    ['upper case', QUERY.toUpperCase()],
  ])('reads %s', (_what, hex) => {
    const { exit, out } = rootwalk(['decode', hex]);
    expect(exit).toBe(0);
    expect(out.split('\n')[0]).toBe('; 33 octets');
    expect(out).toMatch(/0000 {2}D8 D1 .*ID: 55505/i);
    expect(out).toContain('Type: A');
  });

  it('reads several words of the command line as one message', () => {
    expect(rootwalk(['decode', QUERY.slice(0, 20), QUERY.slice(20)]).out).toBe(rootwalk(['decode', QUERY]).out);
  });

  it('reads standard input: digits, xxd’s lines, or a capture', () => {
    const xxd =
      '00000000: d8d1 0100 0001 0000 0000 0000 0377 7777  .............www\n00000010: 0765 7861 6d70 6c65 0363 6f6d 0000 0100  .example.com....\n00000020: 01                                       .\n';
    expect(rootwalk(['decode'], { input: QUERY }).out).toBe(rootwalk(['decode', QUERY]).out);
    expect(rootwalk(['decode', '-'], { input: xxd }).out).toBe(rootwalk(['decode', QUERY]).out);
    const capture = rootwalk(['run', 'first-visit', '--pcap', 'x']).files.get('x') ?? '';
    expect(rootwalk(['decode'], { input: capture }).out.match(/^; frame /gm)).toHaveLength(8);
  });

  it('reads a capture, DNS over TCP too', () => {
    const capture = rootwalk(['run', 'truncated-then-tcp', '--pcap', 'x']).files.get('x') ?? '';
    const { exit, out } = rootwalk(['decode', 'a.pcap'], { files: { 'a.pcap': capture } });
    expect(exit).toBe(0);
    expect(out).toMatch(/^; frame \d+, .*, TCP, 44 octets behind their length$/m);
  });

  it('shows what part of a broken message can be read', () => {
    const { exit, out } = rootwalk(['decode', QUERY.slice(0, 40)]);
    expect(exit).toBe(0);
    expect(out).toContain('Unparsed');
  });

  it('gives the message and its layout as JSON', () => {
    const [one] = JSON.parse(rootwalk(['decode', '--json', QUERY]).out);
    expect(one).toMatchObject({
      hex: expect.stringMatching(/^d8d1/i),
      message: { id: 55505, question: [{ name: 'www.example.com.', type: 'A' }] },
      layout: { start: 0, end: 33 },
    });
  });
});

describe('dig', () => {
  it('prints what the resolver answers, as dig does', () => {
    const { exit, out } = rootwalk(['dig', 'www.example.com']);
    expect(exit).toBe(0);
    expect(out).toContain(';; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: ');
    expect(out).toMatch(/\n;; ANSWER SECTION:\nwww\.example\.com\. {2}300 {2}IN {2}A {2}192\.0\.2\.44\n/);
    expect(out).toContain(';; SERVER: 198.18.0.53#53(Resolver) (UDP)');
  });

  it('takes the type before or after the name, in any letter case', () => {
    const answer = (words: string[]) => rootwalk(['dig', ...words]).out;
    expect(answer(['example.com', 'ns'])).toContain('ns-2051.awsdns-67.co.uk.');
    expect(answer(['NS', 'example.com'])).toBe(answer(['example.com', 'ns']));
  });

  it('says NXDOMAIN truthfully of a name that this Internet does not have', () => {
    expect(rootwalk(['dig', 'nobody.example']).out).toContain('status: NXDOMAIN');
  });

  it('shows the walk with +trace: root, .com, the zone, and the resolver’s answer', () => {
    const received = rootwalk(['dig', 'www.example.com', '+trace']).out.match(/^;; Received .*$/gm);
    expect(received).toEqual([
      ';; Received 840 bytes from 192.5.5.241#53(f.root-servers.net) in 18.5 ms',
      ';; Received 199 bytes from 192.31.80.30#53(d.gtld-servers.net) in 24.5 ms',
      ';; Received 199 bytes from 205.251.200.0#53(ns-2048) in 31.0 ms',
      ';; Received 49 bytes from 198.18.0.53#53(Resolver) in 86.0 ms',
    ]);
  });

  it('prints the data alone with +short', () => {
    expect(rootwalk(['dig', 'www.example.com', '+short']).out).toBe('192.0.2.44\n');
  });

  it('asks in the world of another scenario, or with a zone file', () => {
    expect(rootwalk(['dig', 'shop.example.com', '+short', '--scenario', 'cname-to-another-zone']).out).toBe(
      'store.example.net.\n198.51.100.80\n',
    );
    expect(
      rootwalk(['dig', 'www.example.com', '+short', '--zone', 'example.com.zone'], { files: { 'example.com.zone': ZONE } }).out,
    ).toBe('192.0.2.77\n');
  });

  it('asks a server itself: by its id, its name or its address, with or without RD', () => {
    const { out } = rootwalk(['dig', '@ns-2048', 'www.example.com', '+norec']);
    expect(out).toContain(';; flags: qr aa; QUERY: 1, ANSWER: 1, AUTHORITY: 4');
    expect(rootwalk(['dig', 'www.example.com', '@ns-2048.awsdns-64.com.']).out).toContain(';; flags: qr aa rd;');
    expect(rootwalk(['dig', '@198.41.0.4', 'www.example.com']).out).toContain('com.  172800  IN  NS  a.gtld-servers.net.');
    expect(rootwalk(['dig', '@a.root-servers.net', 'www.example.com', '+norec']).out).toContain('(a.root-servers.net) (UDP)');
    expect(rootwalk(['dig', '@ns-2084', 'www.example.com'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('the nearest is "@ns-2048"'),
    });
  });

  it('asks for signatures with +dnssec', () => {
    expect(rootwalk(['dig', 'www.example.com', '+dnssec', '--scenario', 'dnssec-secure']).out).toContain('RRSIG');
  });

  it('gives the response as JSON', () => {
    expect(JSON.parse(rootwalk(['dig', 'www.example.com', '--json']).out)).toMatchObject({
      server: '198.18.0.53:53',
      bytes: 49,
      milliseconds: 86,
      message: { rcode: 'NOERROR' },
    });
  });
});
