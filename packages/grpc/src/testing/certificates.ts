/** Certificates made in the test, X.509 version 3 in DER by hand, so that no key lies in the repository. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Certified {
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Authority extends Certified {
  /** A certificate for the machine `localhost`, 127.0.0.1, good for servers and clients. */
  certify(name: string): Certified;
}

const dayMs = 86_400_000;

export function newAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issue = (subject: string, key: KeyObject, extension: Buffer) =>
    pem(signed(toBeSigned(name, subject, key, extension), keys.privateKey));
  const isAuthority = extensionOf('551d13', true, sequence(boolean(true)));
  const localhost = Buffer.concat([
    tagged(0x82, Buffer.from('localhost')),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  ]);
  return {
    certificate: issue(name, keys.publicKey, isAuthority),
    privateKey: pkcs8(keys.privateKey),
    certify: (subject) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = extensionOf('551d11', false, sequence(localhost));
      return {
        certificate: issue(subject, own.publicKey, names),
        privateKey: pkcs8(own.privateKey),
      };
    },
  };
}

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const tagged = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
const lengthOf = (length: number): Buffer =>
  length < 0x80 ? Buffer.from([length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]));
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const bits = (bytes: Buffer): Buffer => tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]));
const commonName = (name: string): Buffer =>
  sequence(tagged(0x31, sequence(objectId('550403'), tagged(0x0c, Buffer.from(name)))));
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));

/** `20261125062400Z`. */
const time = (ms: number): Buffer =>
  tagged(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));

const extensionOf = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), boolean(critical), tagged(0x04, value));

function toBeSigned(issuer: string, subject: string, key: KeyObject, extension: Buffer): Buffer {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  return sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(Date.now() - dayMs), time(Date.now() + dayMs)),
    commonName(subject),
    key.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(extension)),
  );
}

const signed = (content: Buffer, key: KeyObject): Buffer =>
  sequence(content, ecdsaWithSha256, bits(sign('sha256', content, key)));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
