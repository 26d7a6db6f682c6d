#ifndef SIGNET_TESTS_CONFORMANCE_WYCHEPROOF_H_
#define SIGNET_TESTS_CONFORMANCE_WYCHEPROOF_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "jose/json.h"

namespace signet {

// WycheproofFormat says which fields and flags a file may have. The runner
// fails the test on any other, since it could change what a case means.
struct WycheproofFormat {
  std::vector<absl::string_view> group_fields;
  std::vector<absl::string_view> case_fields;
  std::vector<absl::string_view> flags;
};

// ExpectedResult is the verdict that a case demands. RSA PKCS #1 signatures
// whose DigestInfo lacks the NULL are "acceptable" to Wycheproof; RFC 8017
// section 8.2.2 does not accept them, and nor does Signet.
enum class ExpectedResult { kValid, kInvalid, kAcceptable };

// WycheproofCase is one case of a file, within its group.
struct WycheproofCase {
  int64_t id;
  ExpectedResult expected;
  JsonObject group;
  JsonObject test;
  // "ecdsa_secp256r1_sha256_p1363_test.json tc12: comment", for messages.
  std::string where;
};

// RunWycheproof calls `run` for each case of wycheproof/`file`, and fails the
// test unless there are as many as the file says, and all are of `format`.
// Returns how many there were.
size_t RunWycheproof(absl::string_view file, const WycheproofFormat& format,
                     const std::function<void(const WycheproofCase&)>& run);

// HexMember returns the bytes of a member that is written in hexadecimal.
std::string HexMember(JsonObject object, absl::string_view name);

}  // namespace signet

#endif  // SIGNET_TESTS_CONFORMANCE_WYCHEPROOF_H_
