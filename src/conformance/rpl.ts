/**
 * Reads scenario files of the two public resolver test suites ("replay" files): Unbound's and Deckard's dialect.
 *
 * A file is a configuration, ranges of canned responses by server address, and numbered steps. This module turns the text
 * into data, `entry.ts` its messages; `options.ts` makes resolver settings of the configuration, `runner.ts` plays the steps.
 */
import type { Address } from '../base/address.ts';
import { parseAddress } from '../base/address.ts';
import type { Mistake } from '../base/mistake.ts';
import { type Entry, noEntry, readEntry } from './entry.ts';
import { type Dialect, mistake, next, type Reader, readDirective, readerOf } from './lines.ts';

/** One file. */
export interface Replay {
  readonly title: string;
  readonly dialect: Dialect;
  /** The configuration as `key: value` pairs in order; in Unbound's dialect clause heads stand among them with an empty value. */
  readonly configuration: readonly ConfigurationLine[];
  readonly ranges: readonly Range[];
  readonly steps: readonly Step[];
}

export interface ConfigurationLine {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Canned responses of some servers while the current step lies in `first` to `last`. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** None: any server. */
  readonly addresses: readonly Address[];
  readonly entries: readonly Entry[];
}

export type Step = { readonly number: number; readonly line: number } & (
  | { readonly type: 'QUERY'; readonly entry: Entry; readonly address: Address }
  | { readonly type: 'CHECK_ANSWER' | 'CHECK_OUT_QUERY' | 'REPLY'; readonly entry: Entry }
  | { readonly type: 'TIME_PASSES'; readonly seconds: number }
  | { readonly type: 'INFRA_RTT'; readonly address: Address; readonly milliseconds: number }
  | { readonly type: 'TIMEOUT' | 'ERROR' | 'TRAFFIC' }
);

export type ReadReplay =
  | { readonly ok: true; readonly replay: Replay }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads a file; every mistake with its line, all at once. */
export function readReplay(text: string, file: string, dialect: Dialect): ReadReplay {
  const r = readerOf(text, file, dialect);
  const configuration = readConfiguration(r);
  const title = skipTo(r, 'SCENARIO_BEGIN') ?? '';
  const ranges: Range[] = [];
  const steps: Step[] = [];
  for (let line = next(r); line !== undefined && line !== 'SCENARIO_END'; line = next(r)) {
    if (line.startsWith('RANGE_BEGIN')) ranges.push(readRange(r, line));
    else if (line.startsWith('STEP')) {
      const step = readStep(r, line);
      const before = steps.at(-1);
      if (step && before && step.number <= before.number) mistake(r, line, `a step number above ${before.number}`);
      if (step) steps.push(step);
    } else readDirective(r, line);
  }
  if (steps.length === 0 && r.mistakes.length === 0) mistake(r, 'no step', 'SCENARIO_BEGIN and at least one STEP');
  return r.mistakes.length > 0
    ? { ok: false, mistakes: r.mistakes }
    : { ok: true, replay: { title, dialect, configuration, ranges, steps } };
}

function skipTo(r: Reader, keyword: string): string | undefined {
  for (let line = next(r); line !== undefined; line = next(r))
    if (line.startsWith(keyword)) return line.slice(keyword.length).trim();
  return undefined;
}

function readConfiguration(r: Reader): ConfigurationLine[] {
  const found: ConfigurationLine[] = [];
  for (let line = next(r); line !== undefined && line !== 'CONFIG_END'; line = next(r)) {
    const tokens = r.dialect === 'unbound' ? withoutHash(line).match(/"[^"]*"|'[^']*'|\S+/g) : [line];
    if (r.dialect === 'deckard') {
      const [, key, value] = /^([a-z0-9-]+)\s*:\s*(.*)$/.exec(withoutHash(line)) ?? [];
      if (key === undefined || value === undefined) mistake(r, line, 'a "key: value" line');
      else found.push({ key, value: unquoted(value.trim()), line: r.at });
      continue;
    }
    for (const token of tokens ?? []) {
      if (/^[a-z][a-z0-9-]*:$/.test(token)) found.push({ key: token.slice(0, -1), value: '', line: r.at });
      else {
        const last = found.at(-1);
        if (!last) mistake(r, token, 'an option name with a colon');
        else
          found[found.length - 1] = { ...last, value: last.value === '' ? unquoted(token) : `${last.value} ${unquoted(token)}` };
      }
    }
  }
  return found;
}

const withoutHash = (line: string): string => line.replace(/#(?=(?:[^"]*"[^"]*")*[^"]*$).*$/, '').trim();
const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

function readRange(r: Reader, line: string): Range {
  const [, first, last, ...rest] = line.split(/\s+/);
  if (first === undefined || last === undefined || !/^\d+$/.test(first) || !/^\d+$/.test(last))
    mistake(r, line, 'RANGE_BEGIN and two step numbers');
  const addresses: Address[] = [];
  const entries: Entry[] = [];
  const take = (text: string | undefined) => {
    const address = parseAddress(text ?? '');
    if (address) addresses.push(address);
    else mistake(r, text ?? '', 'an IP address after ADDRESS');
  };
  if (rest[0] === 'ADDRESS') take(rest[1]);
  for (let inner = next(r); inner !== undefined && inner !== 'RANGE_END'; inner = next(r)) {
    if (inner.startsWith('ADDRESS')) take(inner.split(/\s+/)[1]);
    else if (inner === 'ENTRY_BEGIN') entries.push(readEntry(r));
    else readDirective(r, inner);
  }
  return { first: Number(first), last: Number(last), addresses, entries };
}

function readStep(r: Reader, line: string): Step | undefined {
  const [, count, type, ...rest] = line.split(/\s+/);
  const base = { number: Number(count), line: r.at };
  if (!/^\d+$/.test(count ?? '')) return void mistake(r, line, 'STEP and its number');
  switch (type) {
    case 'QUERY': {
      const address = parseAddress(rest[0] === 'ADDRESS' ? (rest[1] ?? '') : '127.0.0.1');
      if (!address) return void mistake(r, line, 'an IP address after ADDRESS');
      return { ...base, type, address, entry: readStepEntry(r) };
    }
    case 'CHECK_ANSWER':
    case 'CHECK_OUT_QUERY':
    case 'REPLY':
      return { ...base, type, entry: readStepEntry(r) };
    case 'TIMEOUT':
    case 'ERROR':
      return { ...base, type };
    case 'NOTHING':
    case 'TRAFFIC':
      return { ...base, type: 'TRAFFIC' };
    case 'TIME_PASSES': {
      const elapsed = Number(rest[1]);
      if (rest[0] !== 'ELAPSE' || !Number.isFinite(elapsed))
        return void mistake(r, line, 'TIME_PASSES ELAPSE and seconds (macros are not read)');
      return { ...base, type, seconds: elapsed };
    }
    case 'INFRA_RTT': {
      const address = parseAddress(rest[0] ?? '');
      if (!address) return void mistake(r, line, 'INFRA_RTT, an address, a zone and milliseconds');
      return { ...base, type, address, milliseconds: Number(rest[2]) };
    }
    default:
      return void mistake(r, line, 'a known kind of step (QUERY, CHECK_ANSWER, REPLY, TIME_PASSES, TIMEOUT, ERROR, TRAFFIC …)');
  }
}

function readStepEntry(r: Reader): Entry {
  const line = next(r);
  if (line === 'ENTRY_BEGIN') return readEntry(r);
  mistake(r, line ?? 'the end of the file', 'ENTRY_BEGIN');
  return noEntry(r.at);
}
