import { describe, expect, it } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { dropMatching, type Matching, partition } from '../../../src/sim/rules.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { a, aaaa, conclusions, knowing, LAPTOP, LAPTOP6, laptop, places, play, visit, WEB6, web } from '../world.ts';

const codes = (trace: Trace) =>
  conclusions(trace).map(({ at, conclusion }) =>
    conclusion.kind === 'page'
      ? `${at} ${conclusion.status} ${conclusion.title}`
      : conclusion.kind === 'error-page'
        ? `${at} ${conclusion.code}`
        : `${at} ${conclusion.kind}`,
  );
const questions = (trace: Trace) =>
  trace.messages.flatMap(({ protocol, bytes }) => {
    const decoded = decode(bytes);
    return protocol === 'dns' && decoded.ok && !decoded.message.flags.qr ? [decoded.message.question[0]?.type] : [];
  });

describe('the browser', () => {
  it('looks the name up, connects to the address, asks by the name as typed and shows the page', () => {
    const trace = play([visit(0)], [laptop(), knowing([a()]), web()]);
    // Enter 0, lookup leaves 2, address at the browser 11, thinks 2, SYN 13; GET 49; response leaves 71; shown 91.
    expect(codes(trace)).toEqual(['91 200 Example Domain']);
    expect(questions(trace)).toEqual(['A']);
    const request = trace.messages.find(({ protocol }) => protocol === 'http');
    expect(new TextDecoder().decode(request?.bytes)).toContain('Host: www.example.com\r\n');
    expect(request?.sentAt).toBe(49_000);
  });

  it('keeps an address for sixty seconds whatever its TTL, and asks nobody meanwhile', () => {
    const trace = play([visit(0), visit(30_000), visit(90_000)], [laptop(), knowing([a()]), web()]);
    expect(codes(trace)).toEqual(['91 200 Example Domain', '30080 200 Example Domain', '90091 200 Example Domain']);
    expect(questions(trace)).toEqual(['A', 'A']);
  });

  it('keeps no failure: the same mistake is asked about again', () => {
    const trace = play([visit(0, 'wwww.example.com'), visit(1000, 'wwww.example.com')], [laptop(), knowing([a()]), web()]);
    expect(codes(trace)).toEqual(['13 DNS_PROBE_FINISHED_NXDOMAIN', '1013 DNS_PROBE_FINISHED_NXDOMAIN']);
    expect(questions(trace)).toHaveLength(2);
  });

  it.each([
    ['no such name', 'nowhere.example.com', 'DNS_PROBE_FINISHED_NXDOMAIN'],
    ['blanks', 'two words', 'ERR_INVALID_URL'],
    ['an empty label', 'www..example.com', 'ERR_INVALID_URL'],
    ['nothing', '  ', 'ERR_INVALID_URL'],
    ['another scheme', 'gopher://www.example.com', 'ERR_UNKNOWN_URL_SCHEME'],
    ['an IPv6 address on a computer without IPv6', 'http://[2001:db8:44::44]/', 'ERR_ADDRESS_UNREACHABLE'],
  ])('shows a page of its own for %s', (_, typed, code) => {
    const trace = play([visit(0, typed)], [laptop(), knowing([a()]), web()]);
    expect(codes(trace)[0]).toContain(code);
  });

  it.each([
    ['localhost', 'ERR_CONNECTION_REFUSED', 'this computer itself'],
    ['http://app.localhost:8080/', 'ERR_CONNECTION_REFUSED', 'this computer itself'],
    ['127.0.0.1', 'ERR_CONNECTION_REFUSED', 'this computer itself'],
    ['shop.invalid', 'DNS_PROBE_FINISHED_NXDOMAIN', 'never exist'],
    ['duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion', 'DNS_PROBE_FINISHED_NXDOMAIN', 'Tor'],
    ['printer.local', 'DNS_PROBE_FINISHED_NXDOMAIN', 'the network around you'],
  ])('says of %s at once that it never leaves this computer (RFC 6761, 7686, 6762)', (typed, code, why) => {
    const trace = play([visit(0, typed)], [laptop(), knowing([a()]), web()]);
    expect(trace.packets).toEqual([]);
    expect(conclusions(trace).at(-1)).toMatchObject({ conclusion: { code, text: expect.stringContaining(why) } });
    expect(conclusions(trace).at(-1)?.at).toBeLessThan(10);
  });

  it('keeps no copy of what the computer knows by itself', () => {
    const trace = play([visit(0, 'localhost')], [laptop(), knowing([a()]), web()]);
    expect(trace.turns.flatMap(({ effects }) => effects.filter((e) => e.kind === 'remember'))).toEqual([]);
  });

  it('asks the resolver for a name under test. (RFC 6761 §6.2)', () => {
    expect(questions(play([visit(0, 'shop.test')], [laptop(), knowing([a()]), web()]))).toEqual(['A']);
  });

  it('goes straight to an address that was typed', () => {
    const trace = play([visit(0, '192.0.2.44')], [laptop(), knowing([a()]), web()]);
    expect(codes(trace)).toEqual(['80 200 Example Domain']);
    expect(questions(trace)).toEqual([]);
  });

  it('says which trouble the resolver had: an error, or silence', () => {
    const failing = knowing([], () => ({ rcode: 'SERVFAIL' }));
    expect(codes(play([visit(0)], [laptop(), failing]))).toEqual(['24 ERR_DNS_SERVER_FAILED']);
    expect(codes(play([visit(0)], [laptop()]))).toEqual(['10002 ERR_DNS_TIMED_OUT']);
  });

  it('says that a name without an address exists but has none', () => {
    const noAddress = knowing([aaaa()]);
    expect(codes(play([visit(0)], [laptop(), noAddress]))).toEqual(['13 ERR_NAME_NOT_RESOLVED']);
  });

  it('says that a server refuses, or that nobody is there', () => {
    const refused = play([{ ...visit(0), apply: (w) => w.stop('web', 'refusing') }, visit(0)], [laptop(), knowing([a()]), web()]);
    expect(codes(refused)).toEqual(['49 ERR_CONNECTION_REFUSED']);
    const gone = play([visit(0)], [laptop(), knowing([a()])]);
    expect(codes(gone)).toEqual(['31013 ERR_CONNECTION_TIMED_OUT']);
  });

  it('follows a redirect, and calls the twenty-first one a circle', () => {
    const elsewhere = web({ movedTo: 'http://192.0.2.44/again' });
    expect(codes(play([visit(0)], [laptop(), knowing([a()]), elsewhere]))[0]).toContain('ERR_TOO_MANY_REDIRECTS');
  });

  it('shows the page that a server has for an unknown path', () => {
    const trace = play([visit(0, 'www.example.com/secret')], [laptop(), knowing([a()]), web({ paths: ['/'] })]);
    expect(codes(trace)).toEqual(['91 404 Not found']);
  });

  it('gives up a visit when another address is typed, and says so', () => {
    const trace = play([visit(0), visit(5, '192.0.2.44')], [laptop(), knowing([a()]), web()]);
    expect(codes(trace)).toEqual(['5 failed', '85 200 Example Domain']);
  });

  it('asks for a name with letters beyond ASCII in its xn-- form', () => {
    const trace = play([visit(0, 'bücher.example')], [laptop(), knowing([a(name('xn--bcher-kva.example.'))]), web()]);
    expect(codes(trace)).toEqual(['91 200 Example Domain']);
  });
});

describe('a browser with IPv4 and IPv6', () => {
  const both = () => laptop({ addresses: [LAPTOP, LAPTOP6] });

  it('asks for both kinds of address side by side, and prefers IPv6', () => {
    const trace = play([visit(0)], [both(), knowing([a(), aaaa()]), web()]);
    expect(questions(trace)).toEqual(['A', 'AAAA']);
    expect(trace.packets.filter(({ tcp }) => tcp?.flags.syn && !tcp.flags.ack).map(({ to }) => to.address)).toEqual([WEB6]);
    expect(codes(trace)).toEqual(['91 200 Example Domain']);
  });

  it('lets IPv4 have a turn when IPv6 is silent for 250 ms', () => {
    const cut = partition({ between: [[LAPTOP6], [WEB6]] });
    const trace = play([visit(0)], [both(), knowing([a(), aaaa()]), web()], {
      rules: [
        { name: 'latency', rule: places },
        { name: 'cut', rule: cut },
      ],
    });
    const syns = trace.packets.filter(({ tcp }) => tcp?.flags.syn && !tcp.flags.ack);
    expect(syns.map(({ sentAt, to }) => [sentAt / 1000, to.address])).toEqual([
      [13, '2001:db8:44::44'],
      [263, '192.0.2.44'],
    ]);
    expect(codes(trace)).toEqual(['341 200 Example Domain']);
  });

  it('waits 50 ms for the answer about IPv6 when the one about IPv4 is first', () => {
    const aboutIPv6: Matching = ({ payload }) => {
      const decoded = decode(payload);
      return decoded.ok && decoded.message.question[0]?.type === 'AAAA';
    };
    const trace = play([visit(0)], [both(), knowing([a(), aaaa()]), web()], {
      rules: [
        { name: 'latency', rule: places },
        { name: 'drop', rule: dropMatching(aboutIPv6, { first: 1, last: 9 }) },
      ],
    });
    expect(trace.packets.find(({ tcp }) => tcp)?.sentAt).toBe(63_000);
  });

  it('does not wait when the answer about IPv6 is an error', () => {
    const failing = knowing([a()], (query) => (query.question[0]?.type === 'AAAA' ? { rcode: 'SERVFAIL' } : undefined));
    const trace = play([visit(0)], [both(), failing, web()]);
    expect(trace.packets.find(({ tcp }) => tcp)?.sentAt).toBe(24_000);
  });
});
