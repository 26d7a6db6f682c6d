'use strict';
// Runs the real binary: its server, and its commands.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { noteFolder, noteOutput, noteToken } = require('./leak_check');

const SIGNET = path.resolve(process.env.SIGNET);
// No command takes long. Whoever hangs is killed, and fails. A server runs for
// as long as its suite.
const COMMAND_PATIENCE_MS = 60_000;
const SERVER_PATIENCE_MS = 300_000;

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// A folder of its own for a test, gone when the suite ends.
function makeFolder(within = process.env.TEST_TMPDIR || os.tmpdir()) {
  const folder = fs.mkdtempSync(path.join(within, 'signet-'));
  noteFolder(folder);
  // Not at the end of the suite: the leak check reads the keys in it.
  process.on('exit', () => fs.rmSync(folder, { recursive: true }));
  return folder;
}

// Starts a program. `text` grows with its output; `ended` is how it ended.
function start(
  program, args, { patience = COMMAND_PATIENCE_MS, ...options } = {}) {
  const child = spawn(program, args, { stdio: 'pipe', ...options });
  running.add(child);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream]?.setEncoding('utf8').on('data', (data) => {
      text[stream] += data;
      child.emit('output');
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      child.emit('output');
      resolve({ code, signal, ...text });
    });
  });
  return { child, text, ended };
}

// Resolves with the first match of `pattern` in the output of a program, as
// soon as there is one.
function waitForOutput({ child, text }, stream, pattern) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(text[stream]);
      const over = child.exitCode !== null || child.signalCode !== null;
      if (!match && !over) return;
      child.off('output', look);
      if (match) resolve(match);
      else reject(new Error(`ended without ${pattern}: ${text.stderr}`));
    };
    child.on('output', look);
    look();
  });
}

// Resolves with what `look` returns, as soon as that is something.
async function eventually(look) {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Runs a command to its end. Returns { code, stdout, stderr }.
async function signet(args, { stdin = '', ...options } = {}) {
  const { child, ended } = start(SIGNET, args, options);
  child.stdin.on('error', () => {});  // It may end without reading.
  child.stdin.end(stdin);
  const result = await ended;
  const name = `signet ${args.slice(0, 2).join(' ')}`;
  const signs = args[0] === 'sign' && result.code === 0;
  noteOutput(name, result.stdout, signs);
  noteOutput(name, result.stderr);
  for (const [token] of result.stdout.matchAll(/ey[\w-]+\.[\w-]+\.[\w-]+/g)) {
    if (signs) noteToken(token);
  }
  return result;
}

// Writes a configuration, which is YAML because it is JSON.
function writeConfig(folder, config, name = 'signet.yaml') {
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}

// A running server.
class Server {
  constructor(program, address) {
    this.program = program;
    this.address = address;
    this.pid = program.child.pid;
  }

  // Resolves when the server logs the event.
  event(name) {
    return waitForOutput(
      this.program, 'stderr', new RegExp(`"event":"${name}"`));
  }

  // Sends a signal, and resolves with how the server ended.
  async stop(signal = 'SIGTERM') {
    this.program.child.kill(signal);
    return this.ended();
  }

  async ended() {
    const result = await this.program.ended;
    noteOutput('signet serve', result.stdout);
    noteOutput('signet serve', result.stderr);
    return result;
  }
}

// A port of loopback that nobody listens on: one that somebody just left. The
// network is this test's own, so that it stays free.
function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Starts a server with the configuration, on a port that the system chooses.
async function startServer(
  folder, config, atEnd, patience = SERVER_PATIENCE_MS) {
  const file = writeConfig(folder, {
    ...config, listen: { address: '127.0.0.1:0', ...config.listen } });
  const program = start(SIGNET, ['serve', '--config', file], { patience });
  const [, address] = await waitForOutput(
    program, 'stderr', /"event":"server.listening","address":"([^"]+)"/);
  const server = new Server(program, address);
  atEnd(() => server.stop());
  return server;
}

module.exports = {
  SIGNET, eventually, freePort, makeFolder, signet, start, startServer,
  waitForOutput, writeConfig };
