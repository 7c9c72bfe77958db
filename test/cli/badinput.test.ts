import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rootwalk } from './io.ts';

describe('bad input', () => {
  it.each<[string[], RegExp]>([
    [['run', 'frist-visit'], /there is no scenario "frist-visit"; the nearest is "first-visit"/],
    [['run', 'zzz'], /there is no scenario "zzz"\. "rootwalk list" names them all/],
    [['run', './none.yaml'], /none\.yaml: there is no such file/],
    [['run', 'first-visit', '--zone', 'none.zone'], /none\.zone: there is no such file/],
    [['run', 'first-visit', '--pcap', '/nowhere/x.pcap'], /\/nowhere\/x\.pcap: there is no such folder/],
    [['run', 'first-visit', '--seed', 'abc'], /A seed is a whole number/],
    [['run'], /missing required argument/],
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run/],
    [['list', '--jsn'], /unknown option '--jsn'[\s\S]*Did you mean --json/],
    [['check', 'none.yaml'], /none\.yaml: there is no such file/],
    [['decode', 'xyz'], /"xyz" is neither an even number of hexadecimal digits nor a file/],
    [['decode', 'none.pcap'], /none\.pcap: there is no such file/],
    [['decode'], /nothing to decode/],
    [['dig', 'www..example.com'], /is no domain name: a label is empty; two dots stand together \(at character 5\)/],
    [['dig', 'www.example.com', 'AAAAA'], /"AAAAA" is no record type; the nearest is AAAA/],
    [['dig', 'www.example.com', '+tcpp'], /"\+tcpp" is no switch of this dig/],
    [['dig', 'a', 'b', 'c'], /too many words \(c\)/],
    [['dig', 'x', '--scenario', 'none'], /there is no scenario "none"/],
    [['dig'], /missing required argument 'name'/],
    [['dig', 'www.example.com', 'QQQQQQQQ'], /"QQQQQQQQ" is no record type; there are A, AAAA, .*TYPE65535/],
    [['dig', 'www.example.com', '@zzzzzzzzzz'], /"@zzzzzzzzzz" is no server of this world; its servers are isp, /],
    [['dig', 'www.example.com', '--origin', 'example.net'], /--origin says the name of a zone that --zone brings/],
    [['run', 'first-visit', '--origin', 'example.net'], /--origin says the name of a zone that --zone brings/],
  ])('rootwalk %j says what was wrong and what would be right', (words, complaint) => {
    const { exit, out, err } = rootwalk(words);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(complaint);
    expect(err).not.toMatch(/\n {4}at /);
  });

  it.each([
    ['nothing', ''],
    ['an odd number of digits', 'abc'],
    ['other letters', 'ab cd\nef zz'],
    ['a capture cut short', Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0)],
  ])('decode finds fault with %s on standard input', (_what, input) => {
    const { exit, err } = rootwalk(['decode'], { input });
    expect(exit).toBe(2);
    expect(err).toMatch(/^rootwalk: standard input/);
  });

  it('names the place of the first letter that is no digit', () => {
    expect(rootwalk(['decode'], { input: 'ab cd\nef zz' }).err).toContain('standard input:2:4: found "z"');
  });

  it.each([
    ['a file that is no text', 'x.yaml', '\u0000\u0001', /x\.yaml: found an octet 0 at offset 0, expected text in UTF-8/],
    ['lists in one another without end', 'x.yaml', `title: ${'['.repeat(20_000)}`, /expected at most 100 levels of nesting/],
    [
      '101 lists in one another',
      'x.yaml',
      `title: ${'['.repeat(101)}${']'.repeat(101)}`,
      /^x\.yaml:1:108: found .*at most 100 levels/,
    ],
    ['a list as a key', 'x.yaml', 'title: a\n[b]: c\n', /^x\.yaml:2:1: found "\[b\]: c", expected a word as a key/],
    [
      'two documents',
      'x.yaml',
      'title: a\n---\ntitle: b\n',
      /^x\.yaml:2:1: found "---", expected one document: a second one begins here/,
    ],
    ['aliases that grow', 'x.yaml', `a: &a [1, 2]\nb: [${'*a, '.repeat(101)}]`, /too many aliases, expected at most 100/],
    ['what would move the cursor', 'x.zone', '\u001b[2J 60 A x\n', /^x\.zone:1:1: found "�\[2J"/],
  ])('%s is refused in words', (_what, file, text, complaint) => {
    const { exit, err } = rootwalk(['check', file], { files: { [file]: text } });
    expect(exit).toBe(2);
    expect(err).toMatch(complaint);
  });

  it('reports all mistakes of a scenario, and does not run it', () => {
    const { exit, out, err } = rootwalk(['run', 'x.yaml'], { files: { 'x.yaml': 'titel: x\nstimuli: [{ visit: 3 }]\n' } });
    expect([exit, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(4);
  });

  it('reports all mistakes of a zone file, with the file that a line includes', () => {
    const files = { 'example.com.zone': '$INCLUDE more\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a\n', more: 'www 60 A 1.2.3\n' };
    expect(rootwalk(['run', 'first-visit', '--zone', 'example.com.zone'], { files }).err).toMatch(/^more:1:10: found "1\.2\.3"/);
  });

  const word = fc.oneof(
    fc.constantFrom(
      'run',
      'list',
      'check',
      'decode',
      'dig',
      'first-visit',
      '--json',
      '--seed',
      '--pcap',
      '--zone',
      '--help',
      '-',
      '--',
      '+trace',
      'www.example.com',
      'AAAA',
      '1',
      'x.yaml',
      'x.zone',
    ),
    fc.string({ maxLength: 12 }),
  );
  it('is never answered with an exception, whatever is typed', () => {
    const files = { 'x.yaml': 'title: [', 'x.zone': '((' };
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const { exit, err } = rootwalk(words, { files, input: 'ff' });
        expect([0, 1, 2]).toContain(exit);
        if (exit === 2) expect(err).not.toBe('');
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('is never answered with an exception, whatever octets are decoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect([0, 2]).toContain(rootwalk(['decode'], { input: bytes }).exit);
        expect(rootwalk(['decode', Buffer.from(bytes).toString('hex') || 'ff']).exit).toBe(0);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('does not let a scenario run without end', () => {
    const stimuli = '{ at: 0, ask: www.example.com, times: 1000 }';
    const mistake = rootwalk(['run', 'x.yaml'], {
      files: { 'x.yaml': `title: t\nstimuli: [${stimuli.replace('1000', '100000')}]\n` },
    });
    expect(mistake.err).toContain('expected a whole number up to 1000: how often');
  });
});

describe('help', () => {
  it('names every command, and exits 0', () => {
    const { exit, out } = rootwalk(['--help']);
    expect(exit).toBe(0);
    for (const command of ['run', 'list', 'check', 'decode', 'dig', 'serve', 'conformance'])
      expect(out).toContain(`\n  ${command} `);
  });

  it('is no wider than a terminal, and says what each exit status means', () => {
    const { out } = rootwalk(['--help']);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toMatch(
      /Exit status: 0 when all is well[\s\S]*1 when an\nexpectation[\s\S]*2 when something\nthat was given is wrong/,
    );
  });

  it('gives the version of the package', () => {
    expect(rootwalk(['--version'])).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
