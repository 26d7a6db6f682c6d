'use strict';
// How much more of the processor the worst request costs than an ordinary one of
// about its size, at every door. Not a test: it prints the table that SECURITY.md
// has. CONTRIBUTING.md says how to run it.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const {
  Client, KEY_METHODS, METHODS, REVOCATION_METHODS,
} = require('./contract');
const { Key, writePrivately } = require('./makers');
const { freePort, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://a.example';
const OTHER = 'https://b.example';
const CALLS = 400;
const SECRET = 'shop-secret-0123456789-abcdefghijklmno';

function configFor(folder, port) {
  writePrivately(folder, 'shop', SECRET);
  return {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } },
      { issuer: OTHER, keys: [{ jwk_file: 'key.jwk' }] }],
    policies: [{ name: 'any', kind: 'JWT', issuers: [ISSUER, OTHER],
      any_audience: true }],
    http: { address: `127.0.0.1:${port}`,
      clients: [{ client_id: 'shop', secret_file: 'shop', policy: 'any',
        permissions: ['INTROSPECT', 'REVOKE_ANY'] }] },
  };
}

// Seconds of processors that a process has had, to the nanosecond.
function processorTime(pid) {
  let sum = 0n;
  for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
    const text = fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8');
    sum += BigInt(text.split(' ')[0]);
  }
  return Number(sum) / 1e9;
}

// Microseconds of the processor that one of `calls` costs. `make(i)` makes a
// request, outside of what is measured; `send` sends it.
async function cost(pid, make, send, calls = CALLS) {
  const requests = [];
  for (let i = 0; i < calls; i += 1) requests.push(await make(i));
  await send(requests[0]);
  const before = processorTime(pid);
  for (const request of requests) await send(request);
  return (processorTime(pid) - before) / calls * 1e6;
}

const encode = (text) => Buffer.from(text).toString('base64url');

// JSON texts of about `size` bytes.
const SHAPES = {
  'one long claim': (size) => `{"a":"${'x'.repeat(size - 8)}"}`,
  'many claims': (size) => `{${Array.from({ length: size / 10 },
    (_, i) => `"${String(i).padStart(5, '0')}":1`).join(',')}}`,
  'many claims, the last twice': (size) => `{${Array.from(
    { length: size / 10 }, (_, i) => `"${String(i).padStart(5, '0')}":1`)
    .join(',')},"00001":1}`,
  'claims whose names are escaped': (size) => `{${Array.from(
    { length: size / 15 }, (_, i) =>
      `"\\u0061${String(i).padStart(5, '0')}":1`).join(',')}}`,
  'arrays in arrays': (size) => `{"a":[${Array.from({ length: size / 60 },
    () => `${'['.repeat(28)}${']'.repeat(28)}`).join(',')}]}`,
  'numbers with many digits': (size) => `{"a":[${Array.from(
    { length: size / 30 }, (_, i) => `1.${String(i).padStart(20, '7')}e-5`)
    .join(',')}]}`,
};

// Tokens of about `size` bytes that nobody has seen: ordinary ones, and those
// that ask for the most work.
function tokensOf(key, size) {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const filler = (i) => ({ iss: OTHER, aud: 'x', exp, jti: `${size} ${i}`,
    filler: 'x'.repeat(size * 0.7 - 150) });
  const header = encode(JSON.stringify({ alg: 'ES256', kid: key.kid }));
  const unsigned = (payload) => `${header}.${encode(payload)}.`;
  const signature = 'A'.repeat(86);
  const kinds = {
    ordinary: (i) => key.token('JWT', filler(i)),
    'a forged signature': async (i) => {
      const token = await key.token('JWT', filler(`f${i}`));
      return `${token.slice(0, -20)}${'A'.repeat(20)}`;
    },
    'only dots': () => '.'.repeat(size),
    'a header of nothing but spaces': () =>
      `${encode(`{${' '.repeat(size * 0.7)}}`)}.e30.AA`,
  };
  for (const [name, shape] of Object.entries(SHAPES)) {
    kinds[name] = () => unsigned(shape(Math.floor(size * 0.7))) + signature;
  }
  return kinds;
}

// Sends a form to the HTTP face.
function post(port, where, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path: where,
      method: 'POST', agent: AGENT, headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        authorization:
          `Basic ${Buffer.from(`shop:${SECRET}`).toString('base64')}` } },
    (response) => response.resume().on('end', resolve));
    request.on('error', reject).end(body);
  });
}
const AGENT = new http.Agent({ keepAlive: true, maxSockets: 1 });

function get(port, where) {
  return new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', path: where, agent: AGENT },
      (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

function percentEncoded(text) {
  return text.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const key = await Key.make('ES256');
  fs.writeFileSync(path.join(folder, 'key.jwk'),
    JSON.stringify(await key.publicJwk()));
  const port = await freePort();
  const server = await startServer(folder, configFor(folder, port), atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());
  const ignore = () => {};
  const call = (method) => (request) =>
    client.unary(method, request).catch(ignore);

  // Prints the costs of the others beside that of `ordinary`.
  async function compare(door, kinds, send, calls) {
    let ordinary = 0;
    let worst = [0, ''];
    for (const [name, make] of Object.entries(kinds)) {
      const microseconds = await cost(server.pid, make, send, calls);
      if (name === 'ordinary') ordinary = microseconds;
      if (microseconds > worst[0]) worst = [microseconds, name];
      console.log(`${door}, ${name}: ${microseconds.toFixed(0)} us, ` +
        `${(microseconds / ordinary).toFixed(2)}`);
    }
    console.log(`| ${door} | ${ordinary.toFixed(0)} | ` +
      `${(worst[0] / ordinary).toFixed(1)} | ${worst[1]} |`);
  }

  for (const size of [1000, 16000]) {
    const tokens = tokensOf(key, size);
    const each = (make) => Object.fromEntries(Object.entries(tokens).map(
      ([name, token]) => [name, async (i) => make(await token(i))]));
    const policy = 'any';
    await test(`tokens of ${size} bytes`, async () => {
      await compare(`Verify, ${size} B`, each((token) => ({ token, policy })),
        call(METHODS.Verify));
      await compare(`Verify and explain, ${size} B`,
        each((token) => ({ token, policy, explain: true })),
        call(METHODS.Verify));
      await compare(`Introspect, ${size} B`,
        each((token) => ({ token, policy })), call(METHODS.Introspect));
      await compare(`Revoke, ${size} B`, each((token) => ({ token })),
        call(REVOCATION_METHODS.Revoke), 100);
      await compare(`POST /oauth2/introspect, ${size} B`, {
        ...each((token) => `token=${token}`),
        'every byte percent-encoded': async (i) => `token=${percentEncoded(
          (await tokensOf(key, size / 3).ordinary(i)))}`,
        'many fields': () => `token=x${Array.from({ length: size / 8 },
          (_, i) => `&f${String(i).padStart(4, '0')}=`).join('')}`,
      }, (body) => post(port, '/oauth2/introspect', body));
    });
  }
  await test('batches of 16 KB', async () => {
    const { ordinary } = tokensOf(key, 900);
    const batch = async (count, make) => {
      const requests = [];
      for (let i = 0; i < count; i += 1) requests.push(await make(i));
      return { requests };
    };
    const kinds = {
      ordinary: (i) => batch(16, async (j) => (
        { token: await ordinary(`${i} ${j}`), policy: 'any' })),
      'empty requests': () => batch(1024, () => ({})),
      'requests for a policy and nothing': () =>
        batch(1024, () => ({ policy: 'any' })),
      'short tokens': () => batch(1024, (j) => (
        { token: `a.b.${j}`, policy: 'any' })),
      'policies that there are not': () => batch(1024, (j) => (
        { policy: `x${j}` })),
    };
    await compare('BatchVerify, 16 KB', kinds, call(METHODS.BatchVerify), 50);
  });
  await test('requests to sign', async () => {
    const request = (custom) => ({ issuer: ISSUER, kind: 'TOKEN_KIND_JWT',
      audiences: ['x'], custom_claims_json: custom });
    for (const size of [500, 10000]) {
      await compare(`Sign, ${size} B`, {
        ordinary: () => request(SHAPES['one long claim'](size)),
        ...Object.fromEntries(Object.entries(SHAPES).map(
          ([name, shape]) => [name, () => request(shape(size))])),
        'many scopes': () => ({ ...request(''), scopes: Array.from(
          { length: size / 7 }, (_, i) => `s${i}`) }),
        'many audiences': () => ({ ...request(''), audiences: Array.from(
          { length: size / 7 }, (_, i) => `s${i}`) }),
      }, call(METHODS.Sign));
    }
  });
  await test('what takes next to nothing', async () => {
    await compare('KeyService', {
      ordinary: () => ({ issuer: ISSUER }), 'no issuer': () => ({}),
      'an unknown issuer': () => ({ issuer: 'x' }),
    }, call(KEY_METHODS.ListKeys));
    await compare('GET', {
      ordinary: () => '/jwks.json', healthz: () => '/healthz',
      readyz: () => '/readyz',
      metadata: () => '/.well-known/openid-configuration',
      metrics: () => '/metrics',
      nothing: () => `/${'a/'.repeat(2000)}`,
    }, (where) => get(port, where));
  });
});
