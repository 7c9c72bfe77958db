import { describe, expect, it } from 'vitest';
import { SAMPLE, SAMPLE_BATCH, SAMPLE_POLICY, SAMPLE_ZONES } from '../route53/factsheet.ts';
import { rootwalk } from './io.ts';

const files = {
  'sample.json': SAMPLE,
  'batch.json': SAMPLE_BATCH,
  'policy.json': SAMPLE_POLICY,
  'zones.json': SAMPLE_ZONES,
  'domain.json': JSON.stringify({
    domain: {
      name: 'example.com',
      domainEntries: [{ id: '1', name: 'www.example.com', target: '192.0.2.99', isAlias: false, type: 'A' }],
    },
  }),
  'zone.json': JSON.stringify({
    HostedZone: { Id: '/hostedzone/Z0P', Name: 'corp.example.com.', CallerReference: 'x', Config: { PrivateZone: true } },
    VPCs: [{ VPCRegion: 'eu-west-1', VPCId: 'vpc-1a2b' }],
  }),
  'sets.json': JSON.stringify({
    ResourceRecordSets: [
      { Name: 'db.corp.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.0.0.99' }], Owner: 'ops' },
    ],
  }),
  'both.json': JSON.stringify({
    HostedZones: [{ Id: '/hostedzone/Z0B', Name: 'blue.org.', CallerReference: 'x' }],
    ResourceRecordSets: [{ Name: 'www.blue.org.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.7' }] }],
  }),
  'checks.json': JSON.stringify({
    HealthChecks: [
      {
        Id: '11111111-2222-3333-4444-555555555555',
        CallerReference: 'a',
        HealthCheckConfig: { Type: 'HTTP', IPAddress: '192.0.2.10', Inverted: true, Disabled: true },
        HealthCheckVersion: 1,
      },
    ],
  }),
  'bare.zone': '$TTL 60\nwww A 192.0.2.77\n',
};
const run = (...words: string[]) => rootwalk(words, { files });
const short = (...words: string[]) => run('dig', ...words, '+short');

describe('a zone that somebody brings', () => {
  it.each([
    ['a list of record sets', 'sample.json', 'geo.example.com', '192.0.2.30\n'],
    ['a Lightsail domain', 'domain.json', 'www.example.com', '192.0.2.99\n'],
    ['zones and their records in one document', 'both.json', 'www.blue.org', '192.0.2.7\n'],
  ])('%s answers', (_what, file, name, out) => {
    expect(short(name, '--zone', file, '--from', 'Tokyo')).toMatchObject({ exit: 0, out });
  });

  it('a change batch answers in the zone that is told, or that another file brings', () => {
    const upsert = JSON.stringify({ Changes: [(JSON.parse(SAMPLE_BATCH) as { Changes: object[] }).Changes[0]] });
    const ask = (...words: string[]) =>
      rootwalk(['dig', 'www.example.com', '+short', ...words], { files: { ...files, 'upsert.json': upsert } });
    expect(ask('--zone', 'upsert.json', '--origin', 'example.com').out).toBe('192.0.2.45\n');
    expect(ask('--zone', 'sample.json', '--zone', 'upsert.json').out).toBe('192.0.2.45\n');
    expect(ask('--zone', 'upsert.json').err).toContain('expected the zone’s name (--origin): a change batch does not say it');
  });

  it('a traffic policy answers at the origin and its www, branch by branch', () => {
    const { out, err } = run(
      'dig',
      'www.blue.org',
      '+short',
      '--why',
      '--zone',
      'policy.json',
      '--origin',
      'blue.org',
      '--from',
      'London',
    );
    expect(out).toContain('198.51.100.20\n');
    expect(out).toContain('The traffic policy decides:');
    expect(err).toBe('The traffic policy answers for blue.org and www.blue.org, with a TTL of 60 s.\n');
    expect(run('dig', 'blue.org', '--zone', 'policy.json').err).toContain('No record uses the traffic policy');
  });

  it('a listed zone without records has its NS and SOA', () => {
    const { out, err } = run('dig', 'example.com', 'SOA', '--zone', 'zones.json');
    expect(out).toContain('1 7200 900 1209600 86400');
    expect(err).toContain('No records of example.com. are given');
  });

  it('a zone file without an SOA is named by --origin', () => {
    expect(short('www.red.example', '--zone', 'bare.zone', '--origin', 'red.example').out).toBe('192.0.2.77\n');
    expect(run('dig', 'www', '--zone', 'bare.zone').exit).toBe(2);
    expect(run('dig', 'www', '--zone', 'bare.zone', '--origin', 'a..b').err).toMatch(/^rootwalk: --origin: "a\.\.b" is no name/);
  });

  it('what is only named gets a stated default', () => {
    const { err } = short('api.example.com', '--zone', 'sample.json');
    expect(err.split('\n')).toEqual([
      'sample.json: The CloudFront d111111abcdef8.cloudfront.net. is not in this world: documentation addresses stand in for it.',
      'sample.json: Health check 11111111-2222-3333-4444-555555555555 is known by its id only: it counts as healthy.',
      'sample.json: Health check 22222222-3333-4444-5555-666666666666 is known by its id only: it counts as healthy.',
      'sample.json: CIDR collection 0a0a0a0a-1111-2222-3333-444444444444 is known by its id only: location * answers.',
      '',
    ]);
  });

  it('an alias target answers, under its own name too', () => {
    const { out } = short('example.com', '--zone', 'sample.json');
    expect(out.split('\n').sort()).toEqual(
      short('d111111abcdef8.cloudfront.net', '--zone', 'sample.json').out.split('\n').sort(),
    );
    expect(out).toMatch(/^198\.51\.100\./);
  });

  it('a health check that a file describes is what the file says', () => {
    const ask = () => short('app.example.com', '--zone', 'sample.json', '--zone', 'checks.json');
    // Inverted and disabled: unhealthy, so blue (90 of 100) is not given.
    expect(ask()).toMatchObject({ out: '192.0.2.11\n' });
    expect(ask().err).not.toContain('11111111');
  });

  it('a private zone answers inside the VPC only', () => {
    const { out, err } = run(
      'dig',
      'db.corp.example.com',
      '+short',
      '--zone',
      'zone.json',
      '--zone',
      'sets.json',
      '--from',
      'vpc',
      '--from',
      'Lisbon',
    );
    expect(out).toContain(';;   the VPC: 10.0.0.99, because the private hosted zone corp.example.com');
    expect(out).toContain(';;   Lisbon: NXDOMAIN');
    expect(err).toContain('sets.json: The field ResourceRecordSets[0].Owner is not known here; it is kept.');
  });

  it('a zone larger than the default quota is served whole, and said to be', () => {
    const sets = Array.from({ length: 10_001 }, (_, i) => ({
      Name: `h${i}.big.org.`,
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }],
    }));
    const big = { 'big.json': JSON.stringify({ ResourceRecordSets: sets }) };
    const { out, err } = rootwalk(['dig', 'h9999.big.org', '+short', '--zone', 'big.json', '--origin', 'big.org'], {
      files: big,
    });
    expect(out).toBe('10.0.39.15\n');
    expect(err).toContain('The zone has 10003 records; 10000 are the default limit');
  });

  it('takes the place of the name that a scenario asks for, and says so', () => {
    const { exit, out, err } = run('run', 'first-visit', '--zone', 'both.json');
    expect(exit).toBe(0);
    expect(out).toContain('Browser visits www.blue.org');
    expect(out).toContain('Page "A server of the zone" (200) from 192.0.2.7 shown');
    expect(err).toContain('www.blue.org takes the place of www.example.com');
  });

  it('every mistake of every file is told with its place, and nothing is played', () => {
    const broken = {
      ...files,
      'broken.json': SAMPLE.replace('"TTL": 3600', '"TTL": "soon"').replace('"192.0.2.11"', '"192.0.2.1100"'),
    };
    const { exit, out, err } = rootwalk(['run', 'first-visit', '--zone', 'broken.json'], { files: broken });
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(/^broken\.json:5:\d+: ResourceRecordSets\[1\]\.TTL: found "soon", expected /);
    expect(err).toMatch(
      /\nbroken\.json:\d+:\d+: ResourceRecordSets\[\d+\]\.ResourceRecords\[0\]\.Value: found "192\.0\.2\.1100"/,
    );
    expect(err).toContain('2 mistakes');
  });
});

describe('asking from somewhere', () => {
  it('tells from Lisbon and from Sydney why the answers differ', () => {
    const { exit, out } = run('dig', 'geo.example.com', '--zone', 'sample.json', '--from', 'Lisbon', '--from', 'sydney', '--why');
    expect(exit).toBe(0);
    expect(out.match(/^Why this answer\?$/gm)).toHaveLength(2);
    expect(out).toMatch(/> {2}eu /);
    expect(out.split('\n').slice(-4)).toEqual([
      ';; The answers differ:',
      ';;   Lisbon: 198.51.100.30, because eu is taken: the smallest place that holds Lisbon, PT, Europe: continent EU',
      ';;   Sydney: 192.0.2.30, because default is taken: the smallest place that holds Sydney, AU, Oceania: *',
      '',
    ]);
  });

  it('says that all get the same where they do', () => {
    expect(run('dig', 'www.example.com', '--from', 'Lisbon', '--from', 'Sydney', '+short').out).toContain(
      ';; All get the same answer.',
    );
  });

  it('takes a client of the scenario, and the address of a resolver', () => {
    const ask = (...words: string[]) => short('geo.example.com', '--scenario', 'geolocation', ...words).out;
    expect(ask('--from', 'paris')).toBe('198.51.100.30\n');
    expect(ask('--from', '198.18.6.99')).toBe('192.0.2.31\n');
    expect(ask('--from', 'Sao Paulo')).toBe('');
  });

  it('sends a client subnet along, which beats the resolver’s address', () => {
    const why = run('dig', 'geo.example.com', '--why', '--zone', 'sample.json', '--from', 'Lisbon', '+subnet=198.18.6.0/24').out;
    expect(why).toContain('192.0.2.31');
    expect(why).toContain('San Francisco, US-CA');
    expect(short('geo.example.com', '--zone', 'sample.json', '--from', 'Lisbon', '+subnet=0').out).toBe('198.51.100.30\n');
    expect(run('dig', 'x.example.com', '+subnet=lisbon').err).toContain('+subnet: found "lisbon", expected an IPv4 network');
  });

  it('suggests the nearest place to one that does not exist', () => {
    expect(run('dig', 'www.example.com', '--from', 'Lisbonn')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('"Lisbonn" is no place here; the nearest is "Lisbon"'),
    });
  });

  it('says where no policy had anything to choose', () => {
    expect(run('dig', 'www.example.com', '--why').out).toContain('No routing policy had anything to choose.');
  });

  it('gives the same as JSON', () => {
    const all = JSON.parse(
      run('dig', 'geo.example.com', '--json', '--why', '--zone', 'sample.json', '--from', 'Lisbon', '--from', 'Sydney').out,
    );
    expect(all).toMatchObject([
      { from: 'Lisbon', message: { rcode: 'NOERROR' }, why: expect.arrayContaining(['Why this answer?']) },
      { from: 'Sydney' },
    ]);
  });
});

const RECORD = { Name: 'www.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };

describe('checking what somebody brings', () => {
  it('knows every kind by what stands in it', () => {
    const { exit, out } = run(
      'check',
      ...Object.keys(files).filter((file) => !['sets.json', 'bare.zone', 'zone.json'].includes(file)),
    );
    expect(exit).toBe(0);
    expect(out.split('\n').filter((line) => line.includes('without a mistake'))).toEqual([
      'sample.json: a list of record sets without a mistake',
      'batch.json: a change batch without a mistake',
      'policy.json: a traffic policy document without a mistake',
      'zones.json: a list of hosted zones without a mistake',
      'domain.json: a Lightsail domain without a mistake',
      'both.json: a list of record sets and a list of hosted zones without a mistake',
      'checks.json: a list of health checks without a mistake',
    ]);
  });

  it('names unknown fields, and what Route 53 would not import', () => {
    const text = '$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n$GENERATE 1-3 h$ A 192.0.2.$\n';
    const { out, exit } = rootwalk(['check', 'sets.json', '--origin', 'corp.example.com', 'x.zone'], {
      files: { ...files, 'x.zone': text.replace(/\$GENERATE.*\n/, 'w DNSKEY 257 3 13 AAAA\n') },
    });
    expect(exit).toBe(0);
    expect(out).toContain('  The field ResourceRecordSets[0].Owner is not known here; it is kept.\n');
    expect(out).toMatch(/ {2}Route 53 would not import it: x\.zone:5:1: found "w\.corp\.example\.com\. DNSKEY"/);
  });

  it.each([
    [
      'a record that a batch creates twice',
      [RECORD, RECORD],
      /Changes\[1\]\.ResourceRecordSet: found .* expected each record once for one action/,
    ],
    [
      'more values than one request may bring',
      Array.from({ length: 501 }, (_, i) => ({ ...RECORD, Name: `h${i}.example.com` })),
      /Changes: found .* expected at most 1000 values per change request/,
    ],
  ])('finds %s, whatever the zone holds', (_what, sets, mistake) => {
    const Changes = sets.map((ResourceRecordSet) => ({ Action: 'UPSERT', ResourceRecordSet }));
    const { exit, err } = rootwalk(['check', 'big.json'], { files: { 'big.json': JSON.stringify({ Changes }) } });
    expect(exit).toBe(2);
    expect(err).toMatch(mistake);
  });

  it('says of other JSON what it could have been', () => {
    const { exit, err } = rootwalk(['check', 'x.json'], { files: { 'x.json': '{ "Buckets": [] }' } });
    expect(exit).toBe(2);
    expect(err).toContain('expected records: a list of record sets, a change batch, a Lightsail domain or a zone file');
  });
});
