'use strict';
// What every command promises: its exit code, and where it writes what.

const assert = require('node:assert');
const { signet } = require('./signet');

const ACCEPTED = 0;
const REJECTED = 1;
const UNDECIDED = 2;

// Asserts that a command failed, with one printable line that matches.
async function assertFails(args, message, options) {
  const { code, stdout, stderr } = await signet(args, options);
  assert.deepStrictEqual([code, stdout], [UNDECIDED, ''], stderr);
  assert.match(stderr, /^signet: [^\x00-\x1f\x7f-\x9f]+\n$/);
  assert.match(stderr, message);
}

// Runs a command that must answer with this exit code. Returns its output.
async function answer(code, args, options) {
  const result = await signet(args, options);
  assert.deepStrictEqual([result.code, result.stderr], [code, '']);
  return result.stdout;
}

async function jsonAnswer(code, args, options) {
  const text = await answer(code, [...args, '--output=json'], options);
  assert.match(text, /^\{[^\n]*\}\n$/);
  return JSON.parse(text);
}

module.exports = {
  ACCEPTED, REJECTED, UNDECIDED, answer, assertFails, jsonAnswer };
