#include "tests/service/replica.h"

#include "service/yaml/yaml_config.h"
#include "store/open_store.h"
#include "tests/answer.h"
#include "verifier/validation_policy.h"

namespace signet {

Replica::Replica(const std::string& config, const std::string& store,
                 const KeyEncryptionKey& sealer, const TestTime& time,
                 absl::Duration wrong_by)
    : time_(time),
      wrong_by_(wrong_by),
      setup_(BuildServerSetup(ParseServerConfig(config, "signet.yaml").value(),
                              "/nowhere")
                 .value()),
      store_(OpenStore(store).value()),
      state_(*setup_.issuers, *setup_.remote, *setup_.revocations, sealer),
      keeper_(
          *store_, *setup_.issuers, sealer, [this] { return Now(); },
          [this] { return time_.passed; }) {}

absl::StatusOr<SignedToken> Replica::Sign(absl::string_view issuer,
                                          absl::Duration lifetime,
                                          absl::string_view subject) const {
  const auto signer = setup_.issuers->FindSigner(issuer);
  if (!signer.ok()) return signer.status();
  TokenRequest request;
  request.subject = std::string(subject);
  request.audiences = {"x"};
  request.lifetime = lifetime;
  return (*signer)->Sign(request, Now());
}

std::string Replica::Outcome(absl::string_view token) const {
  const auto verdict = setup_.verifier.Verify(token, setup_.policies.at("any"),
                                              Tightening{}, Now());
  if (!verdict.ok()) return verdict.status().ToString();
  if (verdict->ok()) return "verified";
  return ReasonName(verdict->rejection().reason);
}

std::vector<std::string> Replica::KeysIn(absl::string_view issuer,
                                         KeyState state) const {
  std::vector<std::string> ids;
  for (const KeyRecord& key : setup_.issuers->Records(issuer).keys) {
    if (key.state == state) ids.push_back(key.key_id);
  }
  return ids;
}

}  // namespace signet
