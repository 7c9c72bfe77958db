/** The few parts of bns that tests and benchmarks compare with. Set NODE_BACKEND=js before importing it. */
declare module 'bns' {
  interface BnsRecord {
    readonly name: string;
    readonly ttl: number;
    readonly data: { encode(): Buffer };
  }
  const bns: {
    readonly wire: {
      fromZone(text: string, origin: string): BnsRecord[];
      readonly Message: { decode(bytes: Buffer): { encode(): Buffer } };
    };
  };
  export default bns;
}
