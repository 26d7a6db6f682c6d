#include "tests/curves/p256_verdicts.h"

#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "curves/p256_verifier.h"
#include "keys/digest.h"

namespace signet {
namespace {

std::string Describe(const P256Case& c) {
  return absl::StrCat("digest ", absl::BytesToHexString(AsText(c.digest)),
                      " signature ",
                      absl::BytesToHexString(AsText(c.signature)));
}

}  // namespace

std::vector<bool> VerifyBatch(absl::Span<const P256Case> cases) {
  std::vector<P256Task> tasks;
  tasks.reserve(cases.size());
  for (const P256Case& c : cases) tasks.push_back(c.task());
  // As long as asked for, and with a guard behind.
  const auto valid = std::make_unique<bool[]>(cases.size() + 1);
  valid[cases.size()] = true;
  VerifyP256Batch(tasks, absl::MakeSpan(valid.get(), cases.size()));
  EXPECT_TRUE(valid[cases.size()]);
  return std::vector<bool>(valid.get(), valid.get() + cases.size());
}

bool VerifySingle(const P256Case& c) {
  return VerifyP256(*c.key->table, *c.key->key, c.digest, c.signature);
}

size_t ExpectIdenticalVerdicts(absl::Span<const P256Case> cases,
                               std::mt19937_64& random) {
  size_t valid = 0;
  while (!cases.empty()) {
    const auto some = cases.subspan(
        0, kP256BatchSizes[random() % std::size(kP256BatchSizes)]);
    const std::vector<bool> batch = VerifyBatch(some);
    for (size_t i = 0; i < some.size(); ++i) {
      const bool expected = AskBoringSsl(some[i]);
      EXPECT_EQ(VerifySingle(some[i]), expected) << Describe(some[i]);
      EXPECT_EQ(batch[i], expected)
          << i << " of " << some.size() << ": " << Describe(some[i]);
      valid += expected ? 1 : 0;
    }
    cases.remove_prefix(some.size());
  }
  return valid;
}

}  // namespace signet
