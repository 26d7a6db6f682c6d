'use strict';
// What an attacker does to a token, and the exact answer to it.

const crypto = require('node:crypto');
const { HMAC, jose } = require('./makers');
const { noteToken } = require('./leak_check');

const base64url = (value) => Buffer.from(
  typeof value === 'string' ? value : JSON.stringify(value))
  .toString('base64url');

// Bytes r || s, as a DER SEQUENCE of two INTEGERs.
function toDer(signature) {
  const integer = (bytes) => {
    const unsigned = Buffer.concat([Buffer.from([0]), bytes]);
    let start = 0;
    while (unsigned[start] === 0 && unsigned[start + 1] < 0x80) ++start;
    const body = unsigned.subarray(start);
    return Buffer.concat([Buffer.from([2, body.length]), body]);
  };
  const half = signature.length / 2;
  const body = Buffer.concat([
    integer(signature.subarray(0, half)), integer(signature.subarray(half))]);
  const head = body.length < 0x80 ? [0x30, body.length]
                                  : [0x30, 0x81, body.length];
  return Buffer.concat([Buffer.from(head), body]);
}

// The last character of base64url of n bytes has spare bits unless 3 divides
// n. Returns the text with one of them set, or nothing.
function withSpareBit(text) {
  if (text.length % 4 === 0) return undefined;
  const alphabet =
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
}

// Returns rows of [what, token, reason, claim]. `key` made the token, `other`
// is another key for the same algorithm, and `claims` are those of the token.
async function tamper({ key, other, token, claims }) {
  const [header, payload, signature] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const parsedHeader = JSON.parse(Buffer.from(header, 'base64url'));
  const withHeader = (more) =>
    `${base64url({ ...parsedHeader, ...more })}.${payload}.${signature}`;
  const signed = (more, by = key) => new jose.SignJWT(claims)
    .setProtectedHeader({ ...parsedHeader, ...more }).sign(by.privateKey);
  const withSignature = (changed) =>
    `${header}.${payload}.${Buffer.from(changed).toString('base64url')}`;
  const flipped = (index) => {
    const copy = Buffer.from(bytes);
    copy[index] ^= 1;
    return withSignature(copy);
  };

  const SIGNATURE = ['SIGNATURE_INVALID', ''];
  const ALGORITHM = ['ALGORITHM_NOT_ALLOWED', 'alg'];
  const MALFORMED = ['MALFORMED', ''];
  const rows = [
    ['first bit of the signature', flipped(0), ...SIGNATURE],
    ['last byte of the signature', flipped(bytes.length - 1), ...SIGNATURE],
    ['signature cut short', withSignature(bytes.subarray(1)), ...SIGNATURE],
    ['signature too long', withSignature([...bytes, 0]), ...SIGNATURE],
    ['signature of zeros', withSignature(bytes.map(() => 0)), ...SIGNATURE],
    ['no signature', `${header}.${payload}.`, ...SIGNATURE],
    ['another subject', `${header}.${base64url({ ...claims, sub: 'mallory' })}` +
      `.${signature}`, ...SIGNATURE],
    ['another header', withHeader({ x: 1 }), ...SIGNATURE],
    ['signed by another key', await signed({}, other), ...SIGNATURE],
    ['key given in the token', await signed(
      { jwk: await other.publicJwk().then(({ k, ...jwk }) => jwk) }, other),
      ...SIGNATURE],
    ['alg none', `${base64url({ ...parsedHeader, alg: 'none' })}.${payload}.`,
      ...ALGORITHM],
    ['alg None, with signature', withHeader({ alg: 'None' }), ...ALGORITHM],
    ['alg of another key', withHeader(
      { alg: key.algorithm === 'ES256' ? 'RS256' : 'ES256' }), ...ALGORITHM],
    ['no alg', withHeader({ alg: undefined }), 'MALFORMED', 'alg'],
    ['unknown kid', withHeader({ kid: 'nobody' }), 'KEY_NOT_FOUND', 'kid'],
    ['kid with a path', withHeader({ kid: '../../etc/passwd' }),
      'KEY_NOT_FOUND', 'kid'],
    ['kid that is a number', withHeader({ kid: 1 }), 'MALFORMED', 'kid'],
    ['crit', withHeader({ crit: ['exp'] }), 'UNSUPPORTED_HEADER', 'crit'],
    ['b64', withHeader({ b64: false }), 'UNSUPPORTED_HEADER', 'b64'],
    ['zip', withHeader({ zip: 'DEF' }), 'UNSUPPORTED_HEADER', 'zip'],
    ['enc', withHeader({ enc: 'A256GCM' }), 'UNSUPPORTED_HEADER', 'enc'],
    ['padding', `${token}=`, ...MALFORMED],
    ['a fourth part', `${token}.`, ...MALFORMED],
    ['two parts', `${header}.${payload}`, ...MALFORMED],
    ['white space', `${header}. ${payload}.${signature}`, ...MALFORMED],
    ['standard base64', `${header}.${payload}.+${signature.slice(1)}`,
      ...MALFORMED],
    ['payload that is no object', `${header}.${base64url('[]')}.${signature}`,
      ...MALFORMED],
    ['a claim twice', `${header}.${base64url('{"iss":"a","\\u0069ss":"b"}')}` +
      `.${signature}`, ...MALFORMED],
    ['more than 16 KiB', `${token}${'A'.repeat(16 * 1024)}`, 'TOO_LARGE', ''],
  ];
  const spare = withSpareBit(signature);
  if (spare) {
    rows.push(['spare bit', `${header}.${payload}.${spare}`, ...MALFORMED]);
  }
  if (key.algorithm.startsWith('ES')) {
    rows.push(['DER signature', withSignature(toDer(bytes)), ...SIGNATURE]);
  }
  if (!HMAC.includes(key.algorithm)) {
    // The oldest trick: the public key as an HMAC secret.
    const input = `${base64url({ ...parsedHeader, alg: 'HS256' })}.${payload}`;
    const mac = crypto.createHmac('sha256', await key.spki()).update(input);
    rows.push(['public key as HMAC secret',
      `${input}.${mac.digest('base64url')}`, ...ALGORITHM]);
  }
  rows.forEach((row) => noteToken(row[1]));
  return rows;
}

module.exports = { tamper };
