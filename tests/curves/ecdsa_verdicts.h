#ifndef SIGNET_TESTS_CURVES_ECDSA_VERDICTS_H_
#define SIGNET_TESTS_CURVES_ECDSA_VERDICTS_H_

#include <cstddef>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "curves/ecdsa_verifier.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "openssl/err.h"
#include "tests/curves/ecdsa_signatures.h"

namespace signet {

// kEcdsaBatchSizes are sizes of batches: around the largest that is evaluated
// at once, and several times that.
inline constexpr size_t kEcdsaBatchSizes[] = {0,  1,  2,  3,  4,  7,
                                              15, 16, 17, 33, 64, 65};

// VerifyBatch returns VerifyEcdsaBatch's verdicts.
template <typename Curve>
std::vector<bool> VerifyBatch(const std::vector<EcdsaTask<Curve>>& tasks) {
  // As long as asked for, and with a guard behind.
  const auto valid = std::make_unique<bool[]>(tasks.size() + 1);
  valid[tasks.size()] = true;
  VerifyEcdsaBatch<Curve>(tasks, absl::MakeSpan(valid.get(), tasks.size()));
  EXPECT_TRUE(valid[tasks.size()]);
  return std::vector<bool>(valid.get(), valid.get() + tasks.size());
}

template <typename Curve>
std::vector<bool> VerifyBatch(absl::Span<const EcdsaCase<Curve>> cases) {
  std::vector<EcdsaTask<Curve>> tasks;
  tasks.reserve(cases.size());
  for (const EcdsaCase<Curve>& c : cases) tasks.push_back(c.task());
  return VerifyBatch(tasks);
}

template <typename Curve>
bool VerifySingle(const EcdsaTask<Curve>& task) {
  return VerifyEcdsa(*task.table, *task.key, task.digest, task.signature);
}

// ExpectIdenticalVerdicts compares both with BoringSSL's verdicts on `cases`,
// in batches of sizes that `random` chooses. Returns how many are valid.
template <typename Curve>
size_t ExpectIdenticalVerdicts(absl::Span<const EcdsaCase<Curve>> cases,
                               std::mt19937_64& random) {
  size_t valid = 0;
  while (!cases.empty()) {
    const auto some = cases.subspan(
        0, kEcdsaBatchSizes[random() % std::size(kEcdsaBatchSizes)]);
    const std::vector<bool> batch = VerifyBatch(some);
    for (size_t i = 0; i < some.size(); ++i) {
      const bool expected = AskBoringSsl(some[i]);
      const bool single = VerifySingle(some[i].task());
      EXPECT_TRUE(single == expected && batch[i] == expected)
          << "BoringSSL says " << expected << ", alone it is " << single
          << ", and " << batch[i] << " as " << i << " of " << some.size()
          << ": digest " << absl::BytesToHexString(AsText(some[i].digest))
          << " signature " << absl::BytesToHexString(AsText(some[i].signature));
      valid += expected ? 1 : 0;
    }
    cases.remove_prefix(some.size());
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
  return valid;
}

}  // namespace signet

#endif  // SIGNET_TESTS_CURVES_ECDSA_VERDICTS_H_
