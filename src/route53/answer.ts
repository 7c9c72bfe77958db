/** From a decision to the records that go out: values or a resource's addresses, and the TTL that they carry. */
import type { Reason } from '../base/reason.ts';
import { reason } from '../base/reason.ts';
import type { Name } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import type { AliasResource } from './aliases.ts';
import { aliasTtl, aliasTtlSource } from './aliases.ts';
import type { ZoneType } from './records.ts';
import type { Decision } from './routing/decision.ts';
import { shuffled } from './routing/policies.ts';

export interface Answer {
  /** None when there is nothing to give: the response is then NODATA. */
  readonly records: readonly ResourceRecord[];
  /** Alias records lead in a circle: nothing can be said. */
  readonly failed: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * The records of a decision under the name that was asked. Several values come in random order; an alias shows only in
 * what it gives: the target's data under the alias's own name, with the target's TTL (Developer Guide,
 * resource-record-sets-choosing-alias-non-alias).
 */
export function answerOf(decision: Decision, owner: Name, random: () => number): Answer {
  const { branch, group } = decision;
  const nothing = (failed: boolean, ...reasons: Reason[]): Answer => ({
    records: [],
    failed,
    reasons: [...decision.reasons, ...reasons],
  });
  if (!branch) {
    const sets = decision.chosen.flatMap((set) => (set.content.kind === 'values' ? [set.content] : []));
    const ttl = Math.min(...sets.map((content) => content.ttl));
    const data = shuffled(
      sets.flatMap((content) => content.values.map((value) => value.data)),
      random,
    );
    return { records: data.map((one) => recordOf(owner, group.type, ttl, one)), failed: false, reasons: decision.reasons };
  }
  switch (branch.kind) {
    case 'group':
    case 'policy': {
      const below = answerOf(branch.decision, owner, random);
      const text =
        branch.kind === 'group'
          ? `The alias record leads to ${branch.decision.group.name} ${branch.decision.group.type} in this zone`
          : 'The record belongs to a traffic policy, whose tree decides';
      const page = branch.kind === 'group' ? 'API Reference, AliasTarget' : 'Developer Guide, traffic-policy-records';
      return { ...below, reasons: [...decision.reasons, reason(`${branch.kind}-branch`, text, page), ...below.reasons] };
    }
    case 'resource':
      return answerOfResource(decision, branch.resource, owner, random);
    case 'missing':
      return nothing(false, reason('target-missing', `There is no ${branch.what}`, 'Rootwalk default (unconfirmed)'));
    case 'loop':
      return nothing(true, reason('alias-loop', 'The alias records lead in a circle', 'Rootwalk default (unconfirmed)'));
  }
}

function answerOfResource(decision: Decision, resource: AliasResource, owner: Name, random: () => number): Answer {
  const { type } = decision.group;
  const all = type === 'A' ? resource.ipv4 : type === 'AAAA' ? resource.ipv6 : [];
  // Global Accelerator gives one of its two static addresses.
  const addresses = shuffled(all, random).slice(0, resource.service === 'Global Accelerator' ? 1 : all.length);
  const ttl = aliasTtl(resource.service);
  const reasons = [...decision.reasons];
  if (resource.standIn)
    reasons.push(
      reason('stand-in', `This world has no ${resource.dnsName}: documentation addresses stand in for it`, 'Rootwalk default'),
    );
  reasons.push(
    reason(
      'alias-resource',
      addresses.length > 0
        ? `The server looks behind the alias itself: ${resource.service}, TTL ${ttl}`
        : `The ${resource.service} behind the alias has nothing of type ${type}`,
      aliasTtlSource(resource.service),
    ),
  );
  return { records: addresses.map((address) => recordOf(owner, type, ttl, { address })), failed: false, reasons };
}

/** Values were parsed for their type, so that the pair fits. */
export const recordOf = (name: Name, type: ZoneType, ttl: number, data: ResourceRecord['data']): ResourceRecord =>
  ({ name, type, class: 'IN', ttl, data }) as ResourceRecord;
