#ifndef SIGNET_TESTS_JWK_TEXT_H_
#define SIGNET_TESTS_JWK_TEXT_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "jose/json.h"
#include "keys/jwk.h"

namespace signet {

// PublicProblem and PrivateProblem say why a JWK is refused as a public or a
// private key; they are empty if it is accepted.
std::string PublicProblem(absl::string_view json, JwkOptions options = {});
std::string PrivateProblem(absl::string_view json, JwkOptions options = {});

// JwkText is the text of a JWK, of which single members can be changed.
class JwkText {
 public:
  explicit JwkText(absl::string_view json);

  // With, WithBytes and Without return a JWK that differs in one member, which
  // has a JSON value, or bytes in base64url, or is left out.
  std::string With(const std::string& name, const std::string& json) const;
  std::string WithBytes(const std::string& name, absl::string_view bytes) const;
  std::string Without(const std::string& name) const;

  // Bytes returns what a member encodes.
  std::string Bytes(const std::string& name) const;

  std::string text() const;

 private:
  std::map<std::string, std::string> members_;
};

// PublicText and PrivateText return the test key for `algorithm`, with the kid
// "key".
JwkText PublicText(Algorithm algorithm);
JwkText PrivateText(Algorithm algorithm);

}  // namespace signet

#endif  // SIGNET_TESTS_JWK_TEXT_H_
