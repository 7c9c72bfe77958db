/** What a person types into the address bar, and what it means. */
import { type Address, parseAddress } from '../../base/address.ts';
import { type Name, parseName, ROOT } from '../../dns/name.ts';

/** A web address, taken apart. */
export interface Target {
  /** As the address bar shows it: "http://www.example.com/". */
  readonly url: string;
  /** As the Host field of HTTP gives it, with a port that is not 80. */
  readonly host: string;
  /** To be looked up; absent when the host is an address already. */
  readonly name?: Name;
  readonly address?: Address;
  readonly port: number;
  readonly path: string;
}

/** Why a text is no web address, in one sentence. */
export interface Untypable {
  readonly code: 'ERR_INVALID_URL' | 'ERR_UNKNOWN_URL_SCHEME';
  readonly problem: string;
}

/**
 * Reads what was typed as browsers do (WHATWG URL standard): "http://" may be left out, letters beyond ASCII become
 * "xn--" labels. Blanks and dots in wrong places make it no web address.
 */
export function readTyped(text: string): Target | Untypable {
  const trimmed = text.trim();
  if (trimmed === '') return { code: 'ERR_INVALID_URL', problem: 'Nothing was typed.' };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http')
    return { code: 'ERR_UNKNOWN_URL_SCHEME', problem: `This small Internet speaks http, not ${scheme}.` };
  const full = scheme === undefined ? `http://${trimmed}` : trimmed;
  if (/\s/.test(trimmed) || !URL.canParse(full)) return invalid(trimmed);
  const { hostname, host, port, pathname, search, href } = new URL(full);
  const rest = { url: href, host, port: port === '' ? 80 : Number(port), path: pathname + search };
  const address = parseAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
  if (address !== undefined) return { ...rest, address };
  const name = parseName(hostname);
  return typeof name === 'string' && name !== ROOT && !name.includes('\\') ? { ...rest, name } : invalid(trimmed);
}

const invalid = (text: string): Untypable => ({
  code: 'ERR_INVALID_URL',
  problem: `"${text}" is no name that could be looked up.`,
});
