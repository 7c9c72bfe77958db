import { describe, expect, test } from 'vitest';
import { resourcesInLines } from '../../src/scenario/route53/targets.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line } from '../../src/scenario/schema.ts';

const alias = (DNSName: string, HostedZoneId = 'Z35SXDOTRQ7X7K'): Line => ({
  change: 'example.com',
  Changes: [
    {
      Action: 'CREATE',
      ResourceRecordSet: { Name: 'example.com', Type: 'A', AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: true } },
    },
  ],
});
const BALANCER = 'mine-1.us-east-1.elb.amazonaws.com';

describe('an alias record to a service of which the world says nothing', () => {
  const lines: readonly Line[] = [
    { at: '1 s', ...alias(`dualstack.${BALANCER}.`) },
    { at: '2 min', visit: 'example.com' },
  ];
  const trace = run({ title: 'targets', stimuli: [...lines] });

  test('leads to a page', () => {
    const ends = trace.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'conclude' ? [effect.conclusion.kind] : [])),
    );
    expect(ends).toContain('page');
  });

  test('may fall ill, since the target has a name for lines', () => {
    const ill = run({
      title: 'targets',
      stimuli: [...lines.slice(0, 1), { at: '3 s', resource: 'mine-1', healthy: false }, { at: '2 min', ask: 'example.com A' }],
    });
    const reasons = ill.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'decide' && effect.decision.about === 'route' ? effect.decision.reasons : [])),
    );
    expect(reasons.map(({ rule }) => rule)).toContain('fail-open');
  });
});

test('a target is made once, under a name of its own, and never for a record of the zone', () => {
  const known = new Map([['mine-1', { DNSName: 'mine-1.eu-west-1.elb.amazonaws.com' }]]);
  const made = resourcesInLines(known, [
    alias(BALANCER),
    alias(`dualstack.${BALANCER}`),
    alias('www.example.com', 'Z0SIMZONE0EXAMPLE1'),
  ]);
  expect([...made].map(([id, { DNSName }]) => [id, DNSName])).toEqual([['mine-1-1', BALANCER]]);
});
