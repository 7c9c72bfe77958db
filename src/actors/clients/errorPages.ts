/** The pages that a browser shows when there is no page: codes as Chromium has them, sentences of our own. */
import type { Reason } from '../../base/reason.ts';
import type { Conclusion } from '../../trace/trace.ts';
import type { LookupResult } from './lookup.ts';
import { specialUse } from './special.ts';
import type { Target, Untypable } from './typed.ts';

/** Why a visit has come to nothing. */
export type Trouble =
  | { readonly kind: 'untypable'; readonly what: Untypable }
  | { readonly kind: 'no-address'; readonly results: readonly LookupResult[] }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'here' }
  | { readonly kind: 'connection'; readonly reason: Reason }
  | { readonly kind: 'closed-early' }
  | { readonly kind: 'not-http' }
  | { readonly kind: 'too-many-redirects' }
  | { readonly kind: 'slow' };

type ErrorPage = Extract<Conclusion, { kind: 'error-page' }>;

/** The error page for a visit to `typed`. */
export function errorPage(typed: string, target: Target | undefined, trouble: Trouble): ErrorPage {
  const host = target?.name?.replace(/\.$/, '') ?? target?.host ?? typed;
  return {
    kind: 'error-page',
    url: target?.url ?? typed,
    ...wording(host, target?.name && specialUse(target.name)?.why, trouble),
  };
}

/** `special` is why nobody is asked for the name, if it is one of those. */
function wording(host: string, special: string | undefined, trouble: Trouble): Pick<ErrorPage, 'code' | 'headline' | 'text'> {
  switch (trouble.kind) {
    case 'untypable':
      return { code: trouble.what.code, headline: 'This is no web address', text: trouble.what.problem };
    case 'no-address':
      return withoutAddress(host, special, trouble.results);
    case 'unreachable':
      return page('ERR_ADDRESS_UNREACHABLE', `${host} cannot be reached`, 'This computer has no address of that kind itself.');
    case 'here':
      return page(
        'ERR_CONNECTION_REFUSED',
        `${host} refused to connect`,
        special ?? `${host} means this computer itself, and no web server listens here.`,
      );
    case 'connection':
      return connection(host, trouble.reason);
    case 'closed-early':
      return page('ERR_EMPTY_RESPONSE', `${host} sent nothing`, 'The server closed the connection without a word.');
    case 'not-http':
      return page('ERR_INVALID_HTTP_RESPONSE', `${host} sent something odd`, 'What came back is no HTTP response.');
    case 'too-many-redirects':
      return page(
        'ERR_TOO_MANY_REDIRECTS',
        `${host} sent you round in circles`,
        'Each page pointed on to another, again and again.',
      );
    case 'slow':
      return page('ERR_TIMED_OUT', `${host} takes too long`, 'The connection stands, but no page has come.');
  }
}

/** What the resolver said decides: no such name, no address, trouble at the resolver, or silence. */
function withoutAddress(
  host: string,
  special: string | undefined,
  results: readonly LookupResult[],
): Pick<ErrorPage, 'code' | 'headline' | 'text'> {
  const noName = results.some((result) => result.kind === 'answered' && result.rcode === 'NXDOMAIN');
  if (noName)
    return page(
      'DNS_PROBE_FINISHED_NXDOMAIN',
      special === undefined ? `${host} does not exist` : `No resolver is asked for ${host}`,
      special ?? 'No such name is known. Is there a slip in the spelling?',
    );
  if (results.some((result) => result.kind === 'answered'))
    return page('ERR_NAME_NOT_RESOLVED', `${host} has no address`, 'The name exists, but no address belongs to it.');
  if (results.some((result) => result.kind === 'failed' && result.rcode !== undefined))
    return page(
      'ERR_DNS_SERVER_FAILED',
      `${host} could not be looked up`,
      'The resolver tried, and found nobody who would answer.',
    );
  return page('ERR_DNS_TIMED_OUT', `${host} could not be looked up`, 'The resolver did not answer.');
}

function connection(host: string, why: Reason): Pick<ErrorPage, 'code' | 'headline' | 'text'> {
  const code = CONNECTION_CODES[why.rule] ?? 'ERR_CONNECTION_FAILED';
  const headline = why.rule === 'connection-refused' ? `${host} refused to connect` : `${host} cannot be reached`;
  return page(code, headline, why.text);
}

const CONNECTION_CODES: Readonly<Record<string, string>> = {
  'connection-refused': 'ERR_CONNECTION_REFUSED',
  'connection-reset': 'ERR_CONNECTION_RESET',
  'connection-timed-out': 'ERR_CONNECTION_TIMED_OUT',
  closed: 'ERR_CONNECTION_CLOSED',
};

const page = (code: string, headline: string, text: string) => ({ code, headline, text });
