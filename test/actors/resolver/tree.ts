import type { ServerSpec } from './world.ts';

export const SOA = '@ 900 SOA ns hostmaster 1 7200 900 1209600 86400\n';

/** The root, com and example.com, one server each. */
export const tree: Record<string, ServerSpec> = {
  root: {
    address: '198.41.0.4',
    zones: { '.': `${SOA}@ 518400 NS root.\nroot. 518400 A 198.41.0.4\ncom. 172800 NS ns.com.\nns.com. 172800 A 192.5.6.30\n` },
  },
  com: {
    address: '192.5.6.30',
    zones: {
      'com.': `${SOA}@ 172800 NS ns.com.\nns 172800 A 192.5.6.30\nexample 172800 NS ns.example.com.\nns.example 172800 A 192.0.2.53\n`,
    },
  },
  example: {
    address: '192.0.2.53',
    zones: { 'example.com.': `${SOA}@ 172800 NS ns\nns 172800 A 192.0.2.53\nwww 300 A 192.0.2.44\n` },
  },
};
