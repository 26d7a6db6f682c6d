'use strict';
// Commands that cannot decide: one line says why, and the exit code that it is
// no rejection.

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { ISSUER, SIGN, startExample } = require('./example');
const { freePort, makeFolder } = require('./signet');
const { suite } = require('./suite');

async function testUndecided(test, server, folder, token) {
  const asking = {
    sign: SIGN.access,
    verify: ['verify', '--policy', 'ACCESS_TOKEN', token],
    introspect: ['introspect', '--policy', 'ACCESS_TOKEN', token],
    'keys status': ['keys', 'status'],
    revoke: ['revoke', '--issuer', ISSUER, '--token-id', 'of nobody'],
  };
  const nobody = `127.0.0.1:${await freePort()}`;
  // Takes connections, and never says a word.
  const silent = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.on('listening', resolve));
  const connections = [];
  silent.on('connection', (socket) => connections.push(socket));
  const mute = `127.0.0.1:${silent.address().port}`;

  const empty = path.join(folder, 'empty');
  fs.writeFileSync(empty, ' \n');
  for (const [name, args] of Object.entries(asking)) {
    const bad = [
      ['nobody listens', ['--server', nobody],
        new RegExp(`cannot reach a server at ${nobody}: .*refused`)],
      ['the server is silent', ['--server', mute, '--timeout', '0.3'],
        new RegExp(`${mute}`)],
      ['the socket is not there', ['--server', 'unix:none'],
        /cannot reach a server at unix:/],
      ['the address is none', ['--server', 'localhost'],
        /--server: "localhost": the port is missing/],
      ['the path is too long', ['--server', `unix:/${'x'.repeat(200)}`],
        /--server: .* longer than/],
      ['the CA file has no name', [...server, '--ca-file', ''],
        /--ca-file: is empty/],
      ['the CA file is empty', [...server, '--ca-file', empty], /not a PEM file/],
      ['the CA file is not there', [...server, '--ca-file', '/nonexistent'],
        /\/nonexistent: cannot be opened: No such file/],
      ['the CA file is a folder', [...server, '--ca-file', folder],
        /is not a regular file/],
      ['a certificate has no key', [...server, '--ca-file', 'x',
        '--certificate-file', 'x'], /requires --private-key-file/],
      ['the timeout is nothing', [...server, '--timeout', '0'], /--timeout: /],
      ['the server is named twice', [...server, ...server], /--server: /],
    ];
    for (const [what, more, message] of bad) {
      await test(`${name} cannot decide: ${what}`, () =>
        assertFails([...args, ...more], message));
    }
    await test(`${name} ignores proxies in the environment`, async () => {
      const proxy = `http://${nobody}`;
      const env = { ...process.env, http_proxy: proxy, https_proxy: proxy,
        grpc_proxy: proxy, no_proxy: '' };
      await answer(ACCEPTED, [...args, ...server], { env });
    });
    await test(`${name} takes the option before the environment`, async () => {
      const env = { ...process.env, SIGNET_SERVER: nobody };
      await answer(ACCEPTED, [...args, ...server], { env });
    });
    await test(`${name} takes the server from the environment`, async () => {
      const env = { ...process.env, SIGNET_SERVER: server[1] };
      await answer(ACCEPTED, args, { env });
    });
  }
  connections.forEach((socket) => socket.destroy());
  silent.close();

  for (const name of ['verify', 'introspect']) {
    await test(`${name} needs a policy`, () =>
      assertFails([name, token, ...server], /--policy is required/));
    await test(`${name} does not know the policy`, () => assertFails(
      [name, '--policy', 'nobody', token, ...server], /^signet: policy: /));
  }
  for (const [option, value] of
    [['--max-age', '5'], ['--max-authentication-age', '-1h']]) {
    await test(`verify refuses ${option}=${value}`, () => assertFails(
      [...asking.verify, `${option}=${value}`, ...server],
      new RegExp(`${option}: write a duration`)));
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const { server, tokens } = await startExample(folder, atEnd);
  await testUndecided(test, server, folder, tokens.access);
});
