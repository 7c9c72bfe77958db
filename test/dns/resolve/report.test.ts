import { describe, expect, it } from 'vitest';
import type { EdnsOption } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { agentOf, reportOf } from '../../../src/dns/resolve/report.ts';
import { nameToWire } from '../../../src/dns/wire/nameOctets.ts';
import { ask } from './given.ts';

const AGENT = name('agent.example.net.');
const saying = (...options: EdnsOption[]) =>
  query(1, ask('www.example.com.', 'A'), { edns: { version: 0, udpSize: 1232, do: false, options } });
const channel = (data: Uint8Array): EdnsOption => ({ option: 'other', code: 18, data });

describe('the agent to whom errors are told (RFC 9567 §5)', () => {
  it('is the name in the option Report-Channel', () => {
    expect(agentOf(saying({ option: 'padding', length: 3 }, channel(nameToWire(AGENT))))).toBe(AGENT);
  });

  it.each([
    ['there is no such option', saying()],
    ['there is no EDNS', query(1, ask('www.example.com.', 'A'))],
    ['it names the root', saying(channel(Uint8Array.of(0)))],
    ['it holds no name', saying(channel(Uint8Array.of(9, 97)))],
    ['something follows the name', saying(channel(Uint8Array.of(1, 97, 0, 0)))],
  ])('is nobody when %s', (_, message) => {
    expect(agentOf(message)).toBeUndefined();
  });
});

describe('the question that tells of an error (RFC 9567 §6.1.1)', () => {
  it('holds type, name and the error’s code between two labels _er, and the agent’s name', () => {
    const report = reportOf(ask('broken.test.', 'A'), 7, name('a01.agent-domain.example.'));
    expect(report).toEqual({ name: '_er.1.broken.test.7._er.a01.agent-domain.example.', type: 'TXT', class: 'IN' });
    expect(reportOf(ask('.', 'NS'), 9, AGENT)?.name).toBe('_er.2.9._er.agent.example.net.');
  });

  it('is not put where its name would be too long, nor about the agent’s own zone', () => {
    const long = name(`${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(45)}.`);
    expect(reportOf({ ...ask('.', 'A'), name: long }, 6, AGENT)).toBeUndefined();
    expect(reportOf(ask('_er.1.www.example.com.6._er.agent.example.net.', 'TXT'), 22, AGENT)).toBeUndefined();
  });
});
