/** The standing lines: what every lesson can tell by itself, of the nine steps and of what may happen instead of them. */
import type { Pattern } from './pattern.ts';

/** Something to tell wherever a pattern fits. */
export interface Telling {
  readonly when: Pattern;
  /** One sentence. */
  readonly headline: string;
  /** One or two sentences in plain words. */
  readonly plain?: string;
  /** The protocol's term. */
  readonly term?: string;
  /** Its number, when it is a standing line. */
  readonly standing?: number;
}

/** What the browser's error page calls a failure that comes of having no address. */
const WITHOUT_ADDRESS = ['DNS_PROBE_FINISHED_NXDOMAIN', 'ERR_NAME_NOT_RESOLVED', 'ERR_DNS_SERVER_FAILED', 'ERR_DNS_TIMED_OUT'];

/** The standing lines, by number from 1. */
export const STANDING: readonly Telling[] = [
  {
    when: { stimulus: { action: 'visit' } },
    headline: 'You type a name. The network needs a number.',
    plain: 'The browser looks in its own cache first.',
    term: 'browser cache',
  },
  {
    when: { message: { kind: 'query', step: 2 } },
    headline: '“Find it for me.”',
    plain: 'The browser gives one machine the whole job.',
    term: 'recursive query, RD 1',
  },
  {
    when: { message: { kind: 'referral', step: 3 } },
    headline: 'The root does not know who. It points on.',
    plain: 'It sends names and addresses of {cut}’s servers, and no answer.',
    term: 'referral, empty answer section',
  },
  {
    when: { message: { kind: 'referral', step: 4 } },
    headline: '{zone} does not know. It knows who does.',
    plain: 'It sends {ns names}, and {glue addresses} with them. The resolver keeps them {ttl words}.',
    term: 'delegation, glue',
  },
  {
    when: { message: { kind: 'query', step: 5, from: 'resolver' } },
    headline: 'The resolver asks one of them.',
    plain: 'A question of its own, to a server whose address it has.',
    term: 'iterative query, RD 0, new ID',
  },
  {
    when: { message: { kind: ['answer', 'cname'], step: 6, aa: 1 } },
    headline: '{from} looks in its zone and knows.',
    plain: 'It speaks for {zone}, so its answer bears the seal.',
    term: 'authoritative, AA 1',
  },
  {
    when: { message: { kind: ['answer', 'cname'], step: 7 } },
    headline: 'The resolver keeps a copy and answers.',
    plain: 'The copy has no seal, and says how long it is good.',
    term: 'RA 1, AA 0, TTL',
  },
  {
    when: { step: { number: 8, outcome: 'done' } },
    headline: 'Now the browser goes there itself.',
    plain: 'DNS is finished; no name server carries the page.',
    term: 'TCP, HTTP',
  },
  {
    when: { message: { kind: 'http-response' } },
    headline: 'The page comes back and is shown.',
    plain: 'Keeping it is HTTP’s affair.',
    term: '200',
  },
  {
    when: { step: { number: 3, because: ['answer', 'no-such-name', 'no-such-type', 'failure'] } },
    headline: 'Not asked: the cache still has it.',
    plain: '{left s} to live, and being used does not lengthen that.',
    term: 'cache hit',
  },
  {
    when: { step: { number: 4, because: 'delegation' } },
    headline: 'The resolver remembers whom to ask.',
    plain: 'It knows the servers of the zone, so root and top-level domain stay silent.',
    term: 'deepest known zone cut',
  },
  {
    when: { timer: { machine: 'resolution', timer: 'retryTimer' } },
    headline: 'Nothing came. The resolver’s own timer rings.',
    plain: 'Nobody reported a loss. It asks again, of another server if it can.',
    term: 'timeout, retry',
  },
  {
    when: { end: { outcome: 'error-page', code: WITHOUT_ADDRESS } },
    headline: 'No address, so nowhere to go.',
    plain: 'Steps 8 and 9 do not happen.',
    term: 'no connection',
  },
  {
    when: { end: { code: 'ERR_CONNECTION_REFUSED' } },
    headline: 'The address is right. Nobody listens there.',
    plain: 'DNS has done its part. The server refuses the connection, so no page comes.',
    term: 'TCP RST, connection refused',
  },
  {
    when: { end: { code: 'ERR_CONNECTION_TIMED_OUT' } },
    headline: 'The address is right. Nobody answers there.',
    plain: 'DNS has done its part. The browser knocks again and again, and then gives up.',
    term: 'connection timed out',
  },
  {
    when: { end: { code: 'ERR_ADDRESS_UNREACHABLE' } },
    headline: 'An address, but no way to it from here.',
    plain: 'This computer has no address of that kind itself.',
    term: 'address unreachable',
  },
  {
    when: { end: { code: ['ERR_INVALID_URL', 'ERR_UNKNOWN_URL_SCHEME'] } },
    headline: 'Nobody is asked: this is no web address.',
    plain: 'The browser sees that by itself. No packet leaves this computer.',
    term: 'URL syntax',
  },
  {
    when: { end: { code: ['ERR_CONNECTION_RESET', 'ERR_CONNECTION_CLOSED', 'ERR_CONNECTION_FAILED', 'ERR_EMPTY_RESPONSE'] } },
    headline: 'The server was reached. Then the connection broke.',
    plain: 'DNS has done its part. No page came before the end.',
    term: 'connection reset or closed',
  },
  {
    when: { end: { code: 'ERR_TIMED_OUT' } },
    headline: 'The connection stands, but no page comes.',
    plain: 'DNS has done its part. The browser waits for a while, and then gives up.',
    term: 'HTTP timeout',
  },
  {
    when: { stimulus: { action: 'ask' } },
    headline: 'A record is wanted, not a page.',
    plain: 'Nobody goes to an address afterwards: steps 8 and 9 stay out.',
  },
  {
    when: { stimulus: { action: 'mail' } },
    headline: 'A letter has to find its server.',
    plain: 'The program that sends it asks first who takes letters for this domain.',
  },
  {
    when: { message: { kind: 'query', step: 5, from: ['browser', 'program'] } },
    headline: '{to} is asked directly.',
    plain: 'No resolver takes part, and so no cache.',
    term: 'query to an authoritative server',
  },
  {
    when: { message: { kind: 'query', step: 2, from: 'program' } },
    headline: '“Find it for me.”',
    plain: 'The program gives one machine the whole job.',
    term: 'recursive query, RD 1',
  },
  {
    when: { message: { kind: 'no-such-name', step: [3, 4, 6] } },
    headline: '“There is no such name.”',
    plain: 'It speaks for the zone above that name, and so this no is firm.',
    term: 'NXDOMAIN, SOA',
  },
  {
    when: { message: { kind: 'no-such-type', step: [3, 4, 6] } },
    headline: 'The name is there. Nothing of this type is.',
    plain: 'No error and no record: the answer is empty.',
    term: 'NODATA: NOERROR, answer 0',
  },
  {
    when: { message: { kind: 'no-such-name', step: 7 } },
    headline: 'The resolver says no.',
    plain: 'A no is kept for a while, too, like any answer.',
    term: 'NXDOMAIN, negative caching',
  },
  {
    when: { message: { kind: 'no-such-type', step: 7 } },
    headline: 'The resolver’s answer is empty.',
    plain: 'That is kept for a while, too, like any answer.',
    term: 'NODATA, negative caching',
  },
  {
    when: { message: { kind: 'failure', step: 7, rcode: 'SERVFAIL' } },
    headline: 'The resolver gives up, and says so.',
    plain: 'It has no answer that it may give. Of the name itself that says nothing.',
    term: 'SERVFAIL',
  },
  // Signatures: keys are asked for besides the name (RFC 4035 §5).
  {
    when: { message: { kind: 'answer', purpose: 'key', type: 'DNSKEY' } },
    headline: 'Here are the keys of the zone.',
    plain: 'One of them must fit what the resolver trusts already.',
    term: 'DNSKEY, RRSIG',
  },
  {
    when: { message: { kind: 'answer', purpose: 'key', type: 'DS' } },
    headline: 'The zone above says which key is right.',
    plain: 'It gives a fingerprint of it, and signs that.',
    term: 'DS, RRSIG',
  },
  {
    when: { message: { kind: ['no-such-type', 'no-such-name'], purpose: 'key', type: 'DS' } },
    headline: 'The zone above vouches for no key.',
    plain: 'If a zone begins there, nothing in it can be checked. That much is certain.',
    term: 'no DS record: insecure',
  },
  {
    when: { message: { kind: 'http-response', line: 'HTTP/1.1 404 Not Found' } },
    headline: 'The server is there. That page is not.',
    plain: 'DNS has done its part. Which pages there are, the web server alone knows.',
    term: '404',
  },
  {
    when: { message: { kind: 'http-response', line: 'HTTP/1.1 301 Moved Permanently' } },
    headline: 'The web server sends the browser on.',
    plain: 'HTTP does that, not DNS. The browser begins again with the other address.',
    term: '301, Location',
  },
  // Of two that open together the later is told, so what is more special comes last.
  {
    when: { end: { code: 'ERR_CONNECTION_REFUSED', dns: 0 } },
    headline: 'Nobody listens at that address.',
    plain: 'DNS was not asked this time. The server refuses the connection, so no page comes.',
    term: 'TCP RST, connection refused',
  },
  {
    when: { end: { code: 'ERR_CONNECTION_TIMED_OUT', dns: 0 } },
    headline: 'Nobody answers at that address.',
    plain: 'DNS was not asked this time. The browser knocks again and again, and then gives up.',
    term: 'connection timed out',
  },
  {
    when: { end: { code: 'DNS_PROBE_FINISHED_NXDOMAIN', dns: 0 } },
    headline: 'For such a name no resolver is asked.',
    plain: 'It is set apart, so this computer says no by itself.',
    term: 'special-use domain name',
  },
  {
    when: { end: { code: 'ERR_CONNECTION_REFUSED', rail: '1' } },
    headline: 'That is this computer itself.',
    plain: 'The question never leaves it, and no web server listens here.',
    term: 'loopback address',
  },
].map((line, i) => ({ ...line, standing: i + 1 }));
