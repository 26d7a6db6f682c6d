const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const { signet } = grpc.loadPackageDefinition(protoLoader.loadSync(
  'signet/v1/token_service.proto',
  { includeDirs: [process.env.PROTO_FOLDER ?? '/usr/share/signet/proto'] }));

// Is called once. `credentials` are grpc.credentials.createSsl with the CA of
// Signet's certificate, and your own key and certificate.
function connect(address, credentials) {
  return new signet.v1.TokenService(address, credentials, {
    'grpc.service_config': JSON.stringify(
      { loadBalancingConfig: [{ round_robin: {} }] }) });
}

// Resolves with the claims of a token that `policy` accepts. Whoever gets null
// denies: the token is not good, or Signet could not decide.
function authorize(client, token, policy) {
  return new Promise((resolve) => {
    client.verify({ token, policy }, { deadline: Date.now() + 1000 },
      (error, answer) => {
        if (error) console.error(`undecided: ${grpc.status[error.code]}`);
        resolve(answer?.verified?.claims ?? null);
      });
  });
}

module.exports = { authorize, connect };
