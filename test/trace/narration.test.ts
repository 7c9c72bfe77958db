import { describe, expect, it } from 'vitest';
import { instant, milliseconds, seconds } from '../../src/base/time.ts';
import { run } from '../../src/scenario/run.ts';
import { tellingOf } from '../../src/scenario/telling.ts';
import { bracesIn, FORMS, lineAt, narrate } from '../../src/trace/narration.ts';
import { findAll } from '../../src/trace/pattern.ts';
import { STANDING, type Telling } from '../../src/trace/standing.ts';
import { scenarioNamed, scenarioNames, traceOf } from '../scenario/library.ts';

const tellings = (name: string): Telling[] => [
  ...STANDING,
  ...(scenarioNamed(name).notes ?? []).flatMap((note) => tellingOf(note) ?? []),
];
const told = (name: string, at: number) => lineAt(traceOf(name), narrate(traceOf(name), tellings(name)), { at: instant(at) });

describe('narration', () => {
  it('tells the nine steps of a first visit with the nine standing lines, in order', () => {
    const lines = narrate(traceOf('first-visit'), STANDING);
    expect(lines.map(({ standing }) => standing)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('opens a line when its message leaves and closes it when that has been read', () => {
    const flying = told('first-visit', milliseconds(20));
    expect(flying.line?.headline).toBe('The root does not know who. It points on.');
    expect(flying.open).toBe(true);
    const read = told('first-visit', milliseconds(30));
    expect(read.line?.headline).toBe('The root does not know who. It points on.');
    expect(read.open).toBe(false);
    expect(read.next?.headline).toBe('.com does not know. It knows who does.');
  });

  it('says whose word a term is: what a health check finds is Route 53’s, whatever step the visit is at', () => {
    const words = (name: string) =>
      new Map(narrate(traceOf(name), tellings(name)).map(({ term, vocabulary }) => [term, vocabulary]));
    expect(words('first-visit').get('200')).toBe('HTTP');
    expect(words('first-visit').get('delegation, glue')).toBe('DNS');
    expect(words('failover').get('unhealthy')).toBe('Route 53');
    expect(words('ipv6').get('Happy Eyeballs')).toBeUndefined();
  });

  it('tells nothing before the first line', () => {
    const trace = traceOf('first-visit');
    expect(lineAt(trace, narrate(trace, STANDING), { at: instant(0), turn: -1 })).toMatchObject({
      open: false,
      next: { standing: 1 },
    });
  });

  it('says that there is no address only of a visit that got none', () => {
    const endings = (name: string): readonly (string | undefined)[] =>
      narrate(traceOf(name), STANDING)
        .filter(({ standing = 0 }) => standing >= 13)
        .map(({ headline }) => headline);
    expect(endings('no-such-name')).toContain('No address, so nowhere to go.');
    expect(endings('failover')).toEqual(['The address is right. Nobody listens there.']);
  });

  it.each([
    ['refusing', 'The address is right. Nobody listens there.'],
    ['down', 'The address is right. Nobody answers there.'],
  ] as const)('tells of a server that is %s, and of its address, in words of their own', (how, headline) => {
    const trace = run(scenarioNamed('first-visit'), { name: 'first-visit', whatIf: [{ at: 0, stop: 'web', how }] });
    expect(narrate(trace, STANDING).at(-1)?.headline).toBe(headline);
  });

  it.each([
    ['www.example.com/nothing', 'The server is there. That page is not.'],
    ['192.0.2.99', 'Nobody answers at that address.'],
    ['192.0.2.44:8080', 'Nobody listens at that address.'],
  ])('tells of %s what came of it, and of DNS only what it did', (visit, headline) => {
    const trace = run({ ...scenarioNamed('first-visit'), stimuli: [{ at: 0, visit }] }, { name: 'first-visit' });
    expect(narrate(trace, STANDING).at(-1)?.headline).toBe(headline);
  });

  it('begins a sentence with a capital, but leaves the name of a host as it is', () => {
    const begins = (name: string): readonly string[] =>
      narrate(traceOf(name), STANDING)
        .filter(({ standing }) => standing === 6)
        .map(({ headline }) => headline);
    expect(begins('first-visit')).toEqual(['ns-2048 looks in its zone and knows.']);
    for (const name of ['alias-beside-cname', 'missing-glue'])
      for (const headline of begins(name)) expect(headline).toMatch(/^[a-z][\w.-]* looks in its zone and knows\.$/);
    const numbers = STANDING.map((telling) => ({ ...telling, headline: '{records count} are sent' }));
    expect(narrate(traceOf('first-visit'), numbers).map(({ headline }) => headline.charAt(0))).not.toContain('f');
  });

  it('fills in numbers from the trace', () => {
    expect(told('first-visit', milliseconds(45)).line?.plain).toBe(
      'It sends four names, and one address with them. The resolver keeps them two days.',
    );
    expect(told('neighbours-visit', seconds(120) + milliseconds(8)).line?.plain).toBe('180 s of 300 is passed on.');
  });

  it('counts one as one and none as none', () => {
    expect([FORMS.names?.(1), FORMS.addresses?.(0), FORMS.addresses?.(1), FORMS.addresses?.(26)]).toEqual([
      'one name',
      'no address',
      'one address',
      '26 addresses',
    ]);
    const referral = narrate(traceOf('alias-beside-cname'), STANDING)
      .filter(({ standing }) => standing === 4)
      .at(-1);
    expect(referral?.plain).toBe('It sends one name, and one address with them. The resolver keeps them two days.');
  });

  it('says of many questions at once how often each record was given', () => {
    const [end] = findAll(traceOf('weighted'), { end: { number: 3 } });
    expect(end?.fields.drawn).toMatch(/^blue \d+ times, green \d+ times$/);
  });

  it('tells a question without a browser, and a no, in words of their own', () => {
    const of = (name: string, visit: number) =>
      narrate(traceOf(name), STANDING).flatMap((line) => (line.visit === visit ? [line.headline] : []));
    expect(of('no-such-type', 1).at(0)).toBe('A record is wanted, not a page.');
    expect(of('no-such-type', 1).slice(-2)).toEqual([
      'The name is there. Nothing of this type is.',
      'The resolver’s answer is empty.',
    ]);
    expect(of('no-such-name', 1)).toContain('“There is no such name.”');
    expect(of('mail', 1).at(0)).toBe('A letter has to find its server.');
    expect(of('weighted', 3)).toContain('ns-2048 is asked directly.');
    expect(of('weighted', 3)).not.toContain('The resolver asks one of them.');
    expect(of('dnssec-bogus', 1)).toContain('The resolver gives up, and says so.');
  });

  it('lets a scenario’s own line take the place of a standing one', () => {
    const lines = narrate(traceOf('who-asks-whom'), tellings('who-asks-whom'));
    expect(lines.filter(({ at }) => at === instant(milliseconds(84))).map(({ headline }) => headline)).toEqual([
      'Two manners in one lookup.',
    ]);
  });

  it.each(scenarioNames)('leaves no brace unfilled in %s', (name) => {
    for (const { headline, plain = '', term = '' } of narrate(traceOf(name), tellings(name)))
      expect(`${headline}${plain}${term}`).not.toMatch(/[{}]/);
  });

  it('never says what must not be said', () => {
    const forbidden =
      /\bforwards?\b|propagat|\bpush(es|ed)?\b|DNS server|looks it up|TTL restarts|\bsimply\b|\bjust\b|obviously/i;
    for (const name of scenarioNames)
      for (const { headline, plain = '' } of tellings(name)) expect(`${headline} ${plain}`).not.toMatch(forbidden);
  });

  it('keeps sentences to twenty words', () => {
    for (const name of scenarioNames)
      for (const { headline, plain = '' } of tellings(name))
        for (const sentence of `${headline} ${plain}`.split(/(?<=[.?!])\s/))
          expect(sentence.split(/\s+/).length).toBeLessThanOrEqual(20);
  });

  it('reads braces with a form and a wanted value', () => {
    expect(bracesIn('a {ttl}, {left s = 30 s} and {ns count}')).toMatchObject([
      { field: 'ttl', form: undefined, wanted: undefined },
      { field: 'left', form: 's', wanted: '30 s' },
      { field: 'ns', form: 'count', wanted: undefined },
    ]);
  });

  it('writes numbers as words, seconds, days and clocks', () => {
    expect([
      FORMS.count?.(4),
      FORMS.s?.(30),
      FORMS.words?.(172800),
      FORMS.words?.(86400),
      FORMS.words?.(300),
      FORMS.clock?.(3600),
    ]).toEqual(['four', '30 s', 'two days', 'one day', '300 s', '1 h']);
  });
});
