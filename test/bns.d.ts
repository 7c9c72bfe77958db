/** The few parts of bns that tests and benchmarks compare with. Set NODE_BACKEND=js before importing it. */
declare module 'bns' {
  interface BnsRecord {
    readonly name: string;
    readonly ttl: number;
    readonly data: { encode(): Buffer };
    /** As in a master file. */
    toString(): string;
  }
  interface BnsKey extends BnsRecord {
    readonly data: { encode(): Buffer; keyTag(): number };
  }
  const bns: {
    readonly wire: {
      fromZone(text: string, origin: string): BnsRecord[];
      readonly Message: { decode(bytes: Buffer): { encode(): Buffer } };
    };
    readonly dnssec: {
      verify(signature: BnsRecord, key: BnsRecord, set: readonly BnsRecord[]): boolean;
      createKey(name: string, algorithm: number, publicKey: Buffer, flags: number): BnsKey;
      createDS(key: BnsKey, digestType: number): BnsRecord;
      createPrivate(algorithm: number, bits: number): Buffer;
      createPublic(algorithm: number, secret: Buffer): Buffer;
      signRRSIG(signature: BnsRecord, secret: Buffer, set: readonly BnsRecord[]): BnsRecord;
    };
  };
  export default bns;
}
