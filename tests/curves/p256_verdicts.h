#ifndef SIGNET_TESTS_CURVES_P256_VERDICTS_H_
#define SIGNET_TESTS_CURVES_P256_VERDICTS_H_

#include <cstddef>
#include <random>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "tests/curves/p256_signatures.h"

namespace signet {

// kP256BatchSizes are sizes of batches: around those that take another path,
// and several times the largest that is evaluated at once.
inline constexpr size_t kP256BatchSizes[] = {
    0, 1, 2, 3, 4, 5, 7, 8, 16, 31, 33, 63, 64, 65, 66, 67, 128, 130};

// VerifyBatch returns VerifyP256Batch's verdicts, VerifySingle VerifyP256's.
std::vector<bool> VerifyBatch(absl::Span<const P256Case> cases);
bool VerifySingle(const P256Case& c);

// ExpectIdenticalVerdicts compares both with BoringSSL's verdicts on `cases`,
// in batches of sizes that `random` chooses. Returns how many are valid.
size_t ExpectIdenticalVerdicts(absl::Span<const P256Case> cases,
                               std::mt19937_64& random);

// P256VerifierTest is a fixture whose tests are skipped, aloud, where tables
// are never built.
class P256VerifierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (P256Key(Residue(1)).table == nullptr) {
      GTEST_SKIP() << "this build or this CPU has no tables for P-256";
    }
  }
};

}  // namespace signet

#endif  // SIGNET_TESTS_CURVES_P256_VERDICTS_H_
