import { publicKey as edPublicKey, sign as edSign } from "./ed25519.js";
import { fromPrimes, publicKey as rsaPublicKey, sign as rsaSign } from "./rsa.js";
import { hmacSha256 } from "./sha2.js";

/**
 * Keys to throw away: they are printed here for everyone to read, and prove nothing outside of tests.
 * The sender's are those that {@link verifierOptions} trusts; the stranger's sign forgeries.
 */
const sender = rsaKey(
  "f5e8b574202e8480dc461ad03011cb0e069a4acbf183f851d46e738260ff3dfeb550f9f6bd11908113d2c75a1ab0667a" +
    "cc5f7783f49b91f376b0b34bd31f360d23e0c0966823b6fd4724b76145d373d11ad87ba71c90cd31ce483c4153e987b8" +
    "f69417dd22b7171daed38dd971ea165685b93ed2a3fa8ab6162922b2f2972ea1",
  "e2b442dcf5aaba97f212f88fd0c8c9b6e03f16ac394fc81b16c1a6f802c265916c24d97e49e1e54d94c06b8abd38debb" +
    "4eb3d6100cfae454b1cc71ebf07379df2fea64475ba43bf5225bf9a6c4d3891877d8f0e5d8ba53a52e01945f12a15e7c" +
    "6b930796933acd9014412e4cb9d352718cd0ba40bd268bc740584439ee1abe8d",
);
const stranger = rsaKey(
  "c7f30ca1993dbb76e3c5e7128def8fb044984d92dbbcc9622b5391cf09f668198d9b5fabf0d632a56d8c4ce085cd03db" +
    "a90dbe9a8aa7db8fe7e1dc59a1098d99674c9dbddbba34524248c9a9dfe14093b74c16370405be66eacb2c2d403a2310" +
    "9bca0710e13e1ac19ca192646940061c764f435f6dac853f895f69ad3477725d",
  "b69f51a8e2dd202e9ba4370f2ef662e7cf78bf18f35e8668d1c780fd3f88778c3ed18a0414e003d4794eebb5fe747bc0" +
    "a04535fff33573471ca7528a1970d3baab2f61af5a913eb300b03d4daddde785dfefad4b054f98c84a7773a84f34315b" +
    "a77fd04cb5dac46b86d2f771402bfa95e9ee0a7226340c45c166df2605fb47e1",
);

export const SENDER = { rsa: sender, ed25519: edKey(1), hmac: hmacKey(1) };
export const STRANGER = { rsa: stranger, ed25519: edKey(2), hmac: hmacKey(2) };

function rsaKey(p, q) {
  const key = once(() => fromPrimes(BigInt(`0x${p}`), BigInt(`0x${q}`)));
  return { sign: (message) => rsaSign(key(), message), record: once(() => `v=DKIM1;k=rsa;p=${base64(rsaPublicKey(key()))}`) };
}

function edKey(byte) {
  const seed = new Uint8Array(32).fill(byte);
  const publicKey = once(() => base64(edPublicKey(seed)));
  return {
    sign: (message) => edSign(seed, message),
    record: () => `v=DKIM1;k=ed25519;p=${publicKey()}`,
    publicKey: () => `whpk_${publicKey()}`,
  };
}

function hmacKey(byte) {
  const key = new Uint8Array(32).fill(byte);
  return { sign: (message) => hmacSha256(key, message), secret: () => `whsec_${base64(key)}` };
}

/** Keys are worked out when they are first needed, so that to import this costs nothing. */
function once(make) {
  let made;
  return () => (made ??= make());
}

/** Base64 with padding (RFC 4648 §4). */
export function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
