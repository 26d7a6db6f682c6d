'use strict';
// Opens private keys in an SQLite store, by what keys/key_sealing.h says of
// their form, and with nothing of ours.

const crypto = require('node:crypto');
const fs = require('node:fs');
const { noteSecret } = require('./leak_check');

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
// What a sealed key of an elliptic curve or of HMAC may measure.
const SIZES = { from: 100, to: 600 };

function open(secret, context, sealed) {
  const tagAt = sealed.length - TAG_BYTES;
  const cipher = crypto.createDecipheriv(
    'aes-256-gcm', secret, sealed.subarray(0, NONCE_BYTES));
  cipher.setAAD(context).setAuthTag(sealed.subarray(tagAt));
  const text = cipher.update(sealed.subarray(NONCE_BYTES, tagAt));
  try {
    cipher.final();
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* placesOf(needle, bytes) {
  for (let at = bytes.indexOf(needle); at >= 0;
    at = bytes.indexOf(needle, at + 1)) {
    yield bytes.subarray(at + needle.length);
  }
}

// The key that begins there, of which the file does not say plainly where it
// ends.
function openAt(place, secret, context) {
  for (let size = SIZES.from; size < SIZES.to; size += 1) {
    const key = open(secret, context, place.subarray(0, size));
    if (key) return key;
  }
  return undefined;
}

// The private JWK of `kid`, or undefined if it is not in the store under the
// key-encryption key in `keyFile`. It is a secret from now on.
function openStoredKey(storeFile, keyFile, issuer, kid) {
  const secret = Buffer.from(fs.readFileSync(keyFile, 'utf8'), 'base64url');
  const id = crypto.createHash('sha256').update('signet key-encryption key')
    .update(secret).digest('hex').slice(0, 16);
  const context =
    Buffer.from(`1${id}${Buffer.byteLength(issuer)}:${issuer}${kid}`);
  for (const file of [storeFile, `${storeFile}-wal`].filter(fs.existsSync)) {
    for (const place of placesOf(Buffer.from(`1${id}`), fs.readFileSync(file))) {
      const key = openAt(place, secret, context);
      if (!key) continue;
      noteSecret(key.d ?? key.k);
      return key;
    }
  }
  return undefined;
}

module.exports = { openStoredKey };
