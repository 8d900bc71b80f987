import { createHmac } from 'node:crypto';

/** Computes the code that an authenticator app shows for a base32 key (RFC 6238: six digits, steps of 30 seconds). */
export function totp(key: string, now = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac('sha1', bytes).update(step).digest();
  const code = mac.readUInt32BE(mac[mac.length - 1] & 0xf) & 0x7fffffff;
  return String(code % 1_000_000).padStart(6, '0');
}
