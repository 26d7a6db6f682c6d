'use strict';
// Commands that take a token take it in the same ways.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { startExample } = require('./example');
const { makeFolder } = require('./signet');
const { suite } = require('./suite');

async function testTokenInput(test, server, folder, token) {
  const file = path.join(folder, 'token');
  fs.writeFileSync(file, `\n${token}\r\n`);
  const commands = {
    verify: ['verify', '--policy', 'ACCESS_TOKEN', ...server],
    introspect: ['introspect', '--policy', 'ACCESS_TOKEN', ...server],
    inspect: ['inspect'],
    revoke: ['revoke', ...server],
  };
  fs.writeFileSync(path.join(folder, 'empty'), ' \n');
  fs.writeFileSync(path.join(folder, 'huge'), 'A'.repeat(1024 * 1024 + 1));
  for (const [name, command] of Object.entries(commands)) {
    await test(`${name} takes the token from a file and standard input`,
      async () => {
        const [first, second, third] = [
          await answer(ACCEPTED, [...command, token]),
          await answer(ACCEPTED, [...command, '--token-file', file]),
          await answer(ACCEPTED, command, { stdin: `  ${token}\n` })];
        // Inspect tells how long ago things were.
        const stable = (text) => text.replace(/\(.*\)/g, '');
        assert.strictEqual(stable(second), stable(first));
        assert.strictEqual(stable(third), stable(first));
      });
    const bad = [
      ['no token', [], /there is no token/],
      ['an empty argument', [''], /there is no token/, { stdin: token }],
      ['an empty file', ['--token-file', path.join(folder, 'empty')],
        /there is no token/],
      ['a missing file', ['--token-file', '/nonexistent'],
        /\/nonexistent: cannot be opened: No such file/],
      ['a folder', ['--token-file', folder], /cannot be read/],
      ['a huge file', ['--token-file', path.join(folder, 'huge')],
        /larger than 1 MiB/],
      ['huge input', [], /larger than 1 MiB/,
        { stdin: 'A'.repeat(1024 * 1024 + 1) }],
      ['a token and a file', [token, '--token-file', file], /excludes/],
      ['an unknown option', ['--trust-me', token], /--trust-me/],
      ['an unknown format', ['--output=xml', token],
        /--output: must be one of text, json/],
    ];
    for (const [what, args, message, options] of bad) {
      await test(`${name} refuses ${what}`, () =>
        assertFails([...command, ...args], message, options));
    }
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const { server, tokens } = await startExample(folder, atEnd);
  await testTokenInput(test, server, folder, tokens.access);
});
