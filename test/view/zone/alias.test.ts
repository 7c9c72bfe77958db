import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import type { RecordGroup } from '../../../src/route53/records.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { promotedId } from '../../../src/scenario/route53/promoted.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import {
  aliasJson,
  healthRule,
  kindsFor,
  newAlias,
  regionIn,
  TARGET_KINDS,
  targetsOf,
  targetWords,
  ttlWords,
  withKind,
} from '../../../src/view/geometry/zone/alias.ts';
import { draftOf, newRecordDraft, type RecordDraft } from '../../../src/view/geometry/zone/form.ts';
import { groupCalled, judge } from '../../../src/view/geometry/zone/formJudge.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { resourcesAt } from '../../../src/view/geometry/zone/services.ts';

const scenario = loadScenario(
  {
    title: 'targets',
    world: {
      resources: {
        balancer: { DNSName: 'my-balancer-1.us-east-1.elb.amazonaws.com', addresses: ['192.0.2.61'] },
        site: { DNSName: 's3-website-us-east-1.amazonaws.com', addresses: ['198.51.100.95'], accepts: ['site.example.com'] },
      },
      hostedZones: { 'example.com': {} },
    },
    stimuli: [{ at: 0, ask: 'www.example.com A' }],
  },
  { file: 'targets.yaml' },
).scenario as Scenario;
const zoneOf = (line?: Line): ShownZone => {
  const trace = run(scenario, line ? { whatIf: [{ ...line, at: '1 s' }] } : {});
  return shownZones(trace, (trace.end + 100_000_000) as never)[0] as ShownZone;
};
const shown = zoneOf();
const resources = [...resourcesAt(run(scenario), scenario, 0 as never).values()];
const draft = (part: object, more: Partial<RecordDraft> = {}): RecordDraft => ({
  ...newRecordDraft(),
  members: newRecordDraft().members.map((member) => ({
    ...member,
    alias: { ...newAlias({ type: 'A', name: 'example.com.' }, shown.zone, resources), ...part },
  })),
  ...more,
});
const judged = (one: RecordDraft) => judge(one, undefined, shown, { resources });

describe('an alias record in the form', () => {
  test('a new one points at the first target there is, and its zone id is worked out', () => {
    const { line, faults } = judged(draft({}));
    expect(faults).toEqual([]);
    expect(line).toMatchObject({
      change: 'example.com',
      Changes: [
        {
          ResourceRecordSet: { AliasTarget: { HostedZoneId: 'Z3AQBSTGFYJSTF', DNSName: 's3-website-us-east-1.amazonaws.com.' } },
        },
      ],
    });
    expect(JSON.stringify(line)).not.toContain('TTL');
  });

  test('where there are no resources a new one points at a record of the zone, never at itself', () => {
    expect(newAlias({ type: 'A', name: 'shop.example.com.' }, shown.zone, [])).toMatchObject({
      kind: 'record',
      target: 'www.example.com',
    });
  });

  test('opened again, it says nothing and gives the same', () => {
    for (const kind of TARGET_KINDS) {
      const alias =
        kind === 'record'
          ? { kind, target: 'www.example.com' }
          : withKind(newAlias({ type: 'A', name: 'example.com.' }, shown.zone, []), kind, resources);
      const { line, faults } = judged(draft(alias, { label: 'again' }));
      expect([kind, faults]).toEqual([kind, []]);
      const after = zoneOf(line);
      const group = groupCalled(after, name('again.example.com.'), 'A') as RecordGroup;
      expect(judge(draftOf(group, after.zone), group, after)).toMatchObject({ faults: [] });
      expect(draftOf(group, after.zone).members[0]?.alias).toMatchObject({ kind, zoneId: '' });
    }
  });

  test('a record of the zone may be named by its label', () => {
    expect(aliasJson({ kind: 'record', target: 'www', zoneId: '', evaluate: true }, shown.zone)).toEqual({
      HostedZoneId: shown.zone.id,
      DNSName: 'www.example.com.',
      EvaluateTargetHealth: true,
    });
  });

  test.each([
    ['a record that is not there', { kind: 'record', target: 'nowhere' }, 'alias'],
    ['no target', { kind: 'record', target: '' }, 'alias'],
    ['the health of a CloudFront distribution', { kind: 'CloudFront', target: 'd1.cloudfront.net', evaluate: true }, 'alias'],
  ])('%s is refused at its field', (_what, part, field) => {
    expect(judged(draft(part)).faults.map((fault) => fault.field)).toEqual([field]);
  });

  test('a bucket whose name is not the record’s is pointed out', () => {
    const site = { kind: 'S3 website', target: 's3-website-us-east-1.amazonaws.com' };
    expect(judged(draft(site)).advice.map(({ rule }) => rule)).toEqual(['alias-name']);
    expect(judged(draft(site, { label: 'site' })).advice).toEqual([]);
  });

  test('in a plain zone it makes a change batch that names the zone to be', () => {
    const plain: Scenario = { title: 'plain', stimuli: [{ at: 0, ask: 'www.example.com A' }] };
    const trace = run(plain);
    const own = shownZones(trace, trace.end)[0] as ShownZone;
    const zone = { ...own, zone: { ...own.zone, id: promotedId(own.word) } };
    const { line } = judge(draft({ kind: 'record', target: 'www' }), undefined, zone);
    const after = run(plain, {
      whatIf: [
        { ...(line as Line), at: '1 s' },
        { at: '2 min', ask: 'example.com A' },
      ],
    });
    expect(
      after.turns.some(({ effects }) =>
        effects.some((effect) => effect.kind === 'decide' && effect.decision.about === 'refusal'),
      ),
    ).toBe(false);
    expect(shownZones(after, after.end)[0]?.hosted).toBe(true);
  });
});

test('a target that a line names is there, under the first label of its name, and falls ill when a line says so', () => {
  const { line } = judged(draft({ kind: 'load balancer', target: 'new-1.us-east-1.elb.amazonaws.com' }));
  const after = run(scenario, {
    whatIf: [
      { ...(line as Line), at: '1 s' },
      { at: '2 s', resource: 'new-1', healthy: false },
    ],
  });
  const healthAt = (seconds: number) => resourcesAt(after, scenario, (seconds * 1e6) as never).get('new-1')?.health.kind;
  expect([healthAt(1), healthAt(2)]).toEqual(['always', 'target-groups']);
});

describe('what the form says of targets', () => {
  test('those of this world, with their addresses; of a zone, records of the type with other names', () => {
    expect(targetsOf('load balancer', { type: 'A', name: 'example.com.' }, shown.zone, resources)).toEqual([
      { dnsName: 'my-balancer-1.us-east-1.elb.amazonaws.com', words: '192.0.2.61' },
    ]);
    const records = targetsOf('record', { type: 'A', name: 'www.example.com.' }, shown.zone, resources).map(
      ({ dnsName }) => dnsName,
    );
    expect(records).toContain('shop.example.com');
    expect(records).not.toContain('www.example.com');
  });

  test('CloudFront takes A, AAAA and HTTPS; a text record only another record', () => {
    expect(kindsFor('HTTPS', shown.zone, 'record')).toEqual(['record', 'CloudFront']);
    expect(kindsFor('TXT', shown.zone, 'record')).toEqual(['record']);
  });

  test('a name that is not of its kind, and one that is new here', () => {
    const balancer = { kind: 'load balancer', zoneId: '', evaluate: false } as const;
    expect(targetWords({ ...balancer, target: 'd1.cloudfront.net' }, resources)).toContain('looks like');
    expect(targetWords({ ...balancer, target: 'new.us-east-1.elb.amazonaws.com' }, resources)).toContain('New in this world');
    expect(
      targetWords({ ...balancer, target: 'dualstack.my-balancer-1.us-east-1.elb.amazonaws.com' }, resources),
    ).toBeUndefined();
  });

  test('the target’s health may not be followed at CloudFront, and must be in failover', () => {
    expect(healthRule('CloudFront', 'simple').fixed).toBe(false);
    expect(healthRule('record', 'failover').fixed).toBe(true);
    expect(healthRule('load balancer', 'weighted').fixed).toBeUndefined();
  });

  test('why there is no TTL', () => {
    expect(ttlWords('Global Accelerator')).toContain('300 s');
    expect(ttlWords('record')).toContain('target record');
  });

  test.each([
    ['s3-website.us-east-2.amazonaws.com', 'us-east-2'],
    ['x.elb.ap-southeast-2.amazonaws.com', 'ap-southeast-2'],
    ['env.eu-west-1.elasticbeanstalk.com', 'eu-west-1'],
    ['d1.cloudfront.net', undefined],
  ])('%s lies in %s', (target, region) => {
    expect(regionIn(target)).toBe(region);
  });
});
