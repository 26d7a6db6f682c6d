'use strict';
// Remembers what processes wrote and which tokens there are, and looks for
// secrets where they must not be.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

// A key-encryption key: 32 bytes in base64url, and nothing else in the file.
const KEY_ENCRYPTION_KEY = /^[\w-]{43}\n?$/;

const folders = [];
const tokens = new Set();
const noted = new Set();
const outputs = [];

// From now on, every key file in the folder is a source of secrets.
function noteFolder(folder) {
  folders.push(folder);
}

function noteToken(token) {
  tokens.add(token);
}

// For secrets that are in no file as they are.
function noteSecret(secret) {
  noted.add(secret);
}

// `source` says who wrote it. Only what may carry tokens may: the answer of
// "signet sign".
function noteOutput(source, text, mayCarryTokens = false) {
  outputs.push({ source, text, mayCarryTokens });
}

function* filesIn(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(file);
    if (entry.isFile()) yield file;
  }
}

// The private members anywhere inside a JSON value.
function* privateMembersIn(value) {
  if (value === null || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value)) {
    if (PRIVATE_MEMBERS.includes(name) && typeof member === 'string') {
      yield member;
    }
    yield* privateMembersIn(member);
  }
}

function* secretsIn(text) {
  for (const [, body] of text.matchAll(
    /-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)-----END/g)) {
    yield* body.trim().split('\n');
  }
  if (KEY_ENCRYPTION_KEY.test(text)) yield text.trim();
  try {
    yield* privateMembersIn(JSON.parse(text));
  } catch {
    // Not a JSON file.
  }
}

function collectKeySecrets() {
  const secrets = new Set(noted);
  for (const folder of folders) {
    for (const file of filesIn(folder)) {
      for (const secret of secretsIn(fs.readFileSync(file, 'utf8'))) {
        // Anything shorter is one of the test's own bad keys.
        if (secret.length >= 32) secrets.add(secret);
      }
    }
  }
  return secrets;
}

function assertNothingLeaked() {
  const secrets = collectKeySecrets();
  const signatures = new Set();
  for (const token of tokens) {
    const signature = token.split('.')[2] || '';
    if (signature.length >= 32) signatures.add(signature);
  }
  for (const { source, text, mayCarryTokens } of outputs) {
    for (const secret of secrets) {
      assert(!text.includes(secret), `${source} wrote a private key`);
    }
    if (mayCarryTokens) continue;
    for (const signature of signatures) {
      assert(!text.includes(signature), `${source} wrote a token`);
    }
  }
  const bytes = outputs.reduce((sum, { text }) => sum + text.length, 0);
  assert(outputs.length > 0, 'there was no output to look at');
  console.log(`looked for ${secrets.size} key secrets and ${signatures.size} ` +
    `tokens in ${outputs.length} outputs of ${bytes} characters`);
}

module.exports = {
  assertNothingLeaked, noteFolder, noteOutput, noteSecret, noteToken };
