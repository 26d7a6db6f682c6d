'use strict';
// Certificates that the openssl command makes.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// Makes a certificate authority and what it issues: NAME.pem and NAME.key.
class Authority {
  constructor(folder, name, keyType = ['-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256']) {
    Object.assign(this, { folder, name, keyType });
    this.openssl('req', '-x509', ...keyType, '-nodes', '-days', '2', '-subj',
      `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
    fs.chmodSync(this.path('key', name), 0o600);
  }

  openssl(...args) {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  path(extension, name = this.name) {
    return path.join(this.folder, `${name}.${extension}`);
  }

  read(extension, name) {
    return fs.readFileSync(this.path(extension, name));
  }

  issue(name, extensions) {
    fs.writeFileSync(this.path('ext', name), extensions);
    this.openssl('req', ...this.keyType, '-nodes', '-subj', `/CN=${name}`,
      '-keyout', `${name}.key`, '-out', `${name}.csr`);
    this.openssl('x509', '-req', '-in', `${name}.csr`, '-CA',
      `${this.name}.pem`, '-CAkey', `${this.name}.key`, '-CAcreateserial',
      '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    fs.chmodSync(this.path('key', name), 0o600);
  }
}

const SERVER = 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' +
  'extendedKeyUsage=serverAuth\n';
const CLIENT = 'extendedKeyUsage=clientAuth\n';

module.exports = { Authority, CLIENT, SERVER };
