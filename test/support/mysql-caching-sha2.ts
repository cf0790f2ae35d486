import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import type { Login } from './mysql-server.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const sha256 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const xor = (text: Buffer, key: Buffer) => Buffer.from(text.map((byte, i) => byte ^ key[i % key.length]!));

const plugin = 'caching_sha2_password';

/**
 * A login by `caching_sha2_password` without TLS: by a proof where the server has seen the password before, else by the password
 * itself, encrypted with the server's public key. `seen` is given each step.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 */
export const cachingSha2 =
  (password: string, { isCached, seen }: { isCached: boolean; seen: string[] }): (() => Login) =>
  () => {
    let step = 0;
    return {
      plugin,
      hear(packet, nonce) {
        step++;
        // Whatever the user began with, this is the method now.
        if (step === 1)
          return { say: [Buffer.concat([Buffer.from(`\xfe${plugin}\0`, 'latin1'), nonce, Buffer.alloc(1)])] };
        if (step === 2) {
          const proof = xor(sha256(password), sha256(sha256(sha256(password)), nonce));
          const isRight = packet.equals(proof);
          seen.push(isCached ? `proof: ${isRight}` : 'proof: not known here');
          return isCached && isRight
            ? { say: [Buffer.from([1, 3])], isLetIn: true }
            : { say: [Buffer.from([1, 4])] };
        }
        if (packet.length === 1) {
          seen.push('asked for the key');
          return { say: [Buffer.concat([Buffer.from([1]), Buffer.from(keys.publicKey)])] };
        }
        const padding = constants.RSA_PKCS1_OAEP_PADDING;
        const given = xor(privateDecrypt({ key: keys.privateKey, padding }, packet), nonce).toString();
        seen.push(`password: ${given === `${password}\0`}`);
        return { say: [], isLetIn: given === `${password}\0` };
      },
    };
  };
