import { describe, expect, it } from 'vitest';
import type { HostDefinition } from '../../../src/actors/host.ts';
import { mailserver } from '../../../src/actors/servers/mailserver.ts';
import { mailsession } from '../../../src/actors/servers/mailsession.ts';
import { type Address, address } from '../../../src/base/address.ts';
import { milliseconds } from '../../../src/base/time.ts';
import { type Name, name, ROOT } from '../../../src/dns/name.ts';
import { record } from '../../../src/dns/record.ts';
import { a, conclusions, handing, knowing, laptop, play } from '../world.ts';

const domain = name('example.com.');
const FIRST = address('192.0.2.25');
const SECOND = address('192.0.2.26');
const mx = (preference: number, exchange: Name) => record(domain, 'MX', 3600, { preference, exchange });
const both = [
  mx(20, name('mail2.example.com.')),
  mx(10, name('mail.example.com.')),
  a(name('mail.example.com.'), FIRST),
  a(name('mail2.example.com.'), SECOND),
];

const mailHost = (id: string, at: Address): HostDefinition => ({
  id,
  role: 'mail',
  title: id,
  addresses: [at],
  place: 'web',
  thinking: milliseconds(1),
  machines: [mailserver, mailsession],
  instances: [{ path: id, machine: 'mailserver', title: id, input: { path: id, name: `${id}.example.com` } }],
  listening: [{ port: 25, framing: 'smtp', instance: id }],
});
const servers = [mailHost('mail', FIRST), mailHost('mail2', SECOND)];
const send = (to = 'user@example.com') => handing(0, 'laptop', 'laptop/mail', { type: 'send', to });
const ends = (records = both, stimuli = [send()]) =>
  conclusions(play(stimuli, [laptop(), knowing(records), ...servers]), 'laptop/mail').map(({ conclusion }) => conclusion);

describe('the mail program', () => {
  it('asks for the exchanges, then for the address of the first, and brings the letter to port 25', () => {
    const trace = play([send()], [laptop(), knowing(both), ...servers]);
    expect(conclusions(trace, 'laptop/mail')).toMatchObject([
      { conclusion: { kind: 'delivered', to: 'user@example.com', host: 'mail.example.com.', address: FIRST } },
    ]);
    const said = trace.messages.flatMap(({ protocol, bytes, fromHost }) =>
      protocol === 'smtp' ? [`${fromHost === 'laptop' ? '>' : '<'} ${new TextDecoder().decode(bytes).split('\r\n')[0]}`] : [],
    );
    expect(said).toEqual([
      '< 220 mail.example.com',
      '> EHLO [198.18.0.7]',
      '< 250 mail.example.com',
      '> MAIL FROM:<visitor@[198.18.0.7]>',
      '< 250 OK',
      '> RCPT TO:<user@example.com>',
      '< 250 OK',
      '> DATA',
      '< 354 a line with a full stop ends it',
      '> To: <user@example.com>',
      '< 250 the letter is here',
      '> QUIT',
      '< 221 mail.example.com goodbye',
    ]);
  });

  it('goes to the next exchange when the first refuses', () => {
    const stop = { ...send(), apply: (world: Parameters<ReturnType<typeof send>['apply']>[0]) => world.stop('mail', 'refusing') };
    expect(ends(both, [stop, send()])).toMatchObject([{ kind: 'delivered', address: SECOND }]);
  });

  it('takes a domain without exchanges for its own', () => {
    expect(ends([a(domain, FIRST)])).toMatchObject([{ kind: 'delivered', host: 'example.com.', address: FIRST }]);
  });

  it('takes the root as exchange for a domain without mail', () => {
    expect(ends([mx(0, ROOT)])).toMatchObject([{ kind: 'failed', reasons: [{ rule: 'null-mx' }] }]);
  });

  it('says that there is no such domain, or that no exchange can be found', () => {
    expect(ends([])).toMatchObject([{ kind: 'failed', reasons: [{ rule: 'no-such-domain' }] }]);
    expect(ends([mx(10, name('mail.example.com.'))])).toMatchObject([{ kind: 'failed', reasons: [{ rule: 'no-address' }] }]);
  });

  it('sends one letter after another', () => {
    expect(ends(both, [send(), send('friend@example.com')]).map((end) => end.kind === 'delivered' && end.to)).toEqual([
      'user@example.com',
      'friend@example.com',
    ]);
  });
});
