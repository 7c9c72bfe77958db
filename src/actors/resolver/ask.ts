/** The query to a server: a fresh ID, a fresh port, RD 0, and the question (RFC 5452 §9, RFC 1034 §5.3.3 step 3). */
import type { Address } from '../../base/address.ts';
import { isIPv6 } from '../../base/address.ts';
import type { Edns, EdnsOption, Message, Question } from '../../dns/message.ts';
import { query } from '../../dns/message.ts';
import type { Delegation } from '../../dns/resolve/delegation.ts';
import { freshCookie, randomCase } from '../../dns/resolve/disguise.ts';
import type { Target } from '../../dns/resolve/select.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import { getsSubnet } from '../../dns/resolve/subnet.ts';
import { encode } from '../../dns/wire/encode.ts';
import type { EffectParams, Given } from '../effects.ts';
import type { Job, Pending } from './job.ts';

const DNS_PORT = 53;
const FIRST_PORT = 1024;

/** The query to a server; `transport` is "tcp" after a reply that was cut short, or by configuration. */
export function makeQuery(
  job: Job,
  question: Question,
  target: Target,
  delegation: Delegation,
  given: Given,
  transport?: 'tcp',
): Pending {
  const { settings, path, queries } = job;
  const { randomCase: disguise, cookies, clientSubnet } = settings;
  const sends = (what: string) => (i: number) => given.draw(`${path}/${what}${i}/${queries}`);
  const byTcp = transport === 'tcp' || settings.tcpOnly || (delegation.stub ?? delegation.forward)?.tcp === true;
  return {
    target,
    id: settings.fixedId ?? Math.floor(given.draw(`${path}/id/${queries}`) * 0x10000),
    port: settings.fixedPort ?? FIRST_PORT + Math.floor(given.draw(`${path}/port/${queries}`) * (0x10000 - FIRST_PORT)),
    question: disguise ? { ...question, name: randomCase(question.name, sends('case')) } : question,
    transport: byTcp ? 'tcp' : 'udp',
    sentAt: given.at,
    edns: target.standing.noEdns !== true,
    cookie: cookies ? (target.standing.cookie ?? freshCookie(sends('cookie'))) : undefined,
    subnet: clientSubnet && job.subnet && getsSubnet(target.address, delegation.zone, clientSubnet) ? job.subnet : undefined,
    forwarder: delegation.origin === 'forward' || job.tries[target.address]?.aside === 'recursive',
  };
}

/** The query as a message. */
function messageOf(job: Job, pending: Pending): Message {
  const { settings } = job;
  const question: Question = pending.question;
  const edns: Edns | undefined = pending.edns
    ? { version: 0, udpSize: settings.ednsSize, do: wantsSignatures(settings), options: optionsOf(pending) }
    : undefined;
  return query(pending.id, question, { rd: pending.forwarder, cd: takesAll(job), ...(edns ? { edns } : {}) });
}

/** Without signatures there is nothing to check (RFC 3225 §3). */
const wantsSignatures = (settings: ResolverSettings): boolean =>
  settings.dnssecOk || (checksSignatures(settings) && !settings.ignoreClientDo);

const checksSignatures = ({ validation }: ResolverSettings): boolean => validation.trustAnchors.length > 0;

/** Who checks by himself wants the data as they are: this resolver always (RFC 6840 §5.9), or the client (RFC 4035 §3.2.2). */
const takesAll = ({ settings, checkingDisabled }: Job): boolean => checksSignatures(settings) || checkingDisabled;

function optionsOf({ cookie, subnet }: Pending): readonly EdnsOption[] {
  if (!cookie && !subnet) return NO_OPTIONS;
  const options: EdnsOption[] = [];
  if (cookie) options.push({ option: 'cookie', ...cookie });
  if (subnet) options.push({ option: 'client-subnet', subnet, scope: 0 });
  return options;
}

const NO_OPTIONS: Edns['options'] = [];

/** The datagram that carries it. */
export function datagram(job: Job): EffectParams['transmit'] {
  const pending = job.pending as Pending;
  const to = { address: pending.target.address, port: DNS_PORT };
  return { from: { address: ownAddress(job, to.address), port: pending.port }, to, bytes: encode(messageOf(job, pending)) };
}

/** The connection for it. */
export function connection(job: Job): EffectParams['open'] {
  const pending = job.pending as Pending;
  const to = { address: pending.target.address, port: DNS_PORT };
  return {
    connection: connectionId(job),
    from: { address: ownAddress(job, to.address), port: pending.port },
    to,
    framing: 'dns',
  };
}

/** The query on its connection. */
export const onConnection = (job: Job): EffectParams['transmit'] => ({
  connection: connectionId(job),
  bytes: encode(messageOf(job, job.pending as Pending)),
});

export const connectionId = (job: Job): string => `${job.path}/tcp${job.queries}`;

/** The host's address of the server's family. */
const ownAddress = (job: Job, server: Address): Address =>
  job.addresses.find((own) => isIPv6(own) === isIPv6(server)) ?? (job.addresses[0] as Address);
