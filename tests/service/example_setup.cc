#include "tests/service/example_setup.h"

#include <utility>

#include "service/yaml/yaml_config.h"
#include "tests/service/generate_keys.h"
#include "tests/service/message_text.h"

namespace signet {

std::shared_ptr<const ServerSetup> NewSetup(const std::string& yaml) {
  auto setup = std::make_shared<const ServerSetup>(
      BuildServerSetup(ParseServerConfig(yaml, "signet.yaml").value(),
                       "/nowhere")
          .value());
  GenerateKeys(*setup->issuers);
  return setup;
}

std::shared_ptr<const ServerSetup> NewExampleSetup() {
  return NewSetup(R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA, ES256, HS256]}
  - issuer: https://b.example
    signing: {generate: [EdDSA]}
policies:
  - name: access
    kind: ACCESS_TOKEN
    issuers: [https://a.example]
    audiences: [https://api.example]
  - name: id
    kind: ID_TOKEN
    issuers: [https://a.example]
    audiences: [https://web.example]
  - name: jwt
    kind: JWT
    issuers: [https://a.example]
    any_audience: true
  - name: skewed
    kind: ACCESS_TOKEN
    issuers: [https://a.example]
    audiences: [https://api.example]
    clock_skew: 30s
  - name: strict
    kind: ACCESS_TOKEN
    issuers: [https://a.example]
    audiences: [https://api.example]
    required_scopes: [read]
    max_token_age: 60s
    max_authentication_age: 10m
limits: {max_batch_size: 4}
)");
}

v1::SignRequest AccessTokenRequest() {
  return FromText<v1::SignRequest>(R"pb(
    issuer: "https://a.example"
    kind: TOKEN_KIND_ACCESS_TOKEN
    subject: "alice"
    audiences: "https://api.example"
    audiences: "https://other.example"
    scopes: "read"
    scopes: "write"
    client_id: "app"
    authenticated_at { seconds: 1799999700 }
  )pb");
}

v1::SignRequest IdTokenRequest() {
  return FromText<v1::SignRequest>(R"pb(
    issuer: "https://a.example"
    kind: TOKEN_KIND_ID_TOKEN
    subject: "alice"
    audiences: "https://web.example"
    nonce: "n-0S6"
    access_token: "SlAV32hkKG"
    authenticated_at { seconds: 1799999700 }
  )pb");
}

}  // namespace signet
