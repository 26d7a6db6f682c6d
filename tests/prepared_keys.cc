#include "tests/prepared_keys.h"

#include <array>
#include <cstddef>
#include <string>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "keys/read_section.h"
#include "keys/table_demand.h"
#include "tests/test_issuer.h"
#include "verifier/signature.h"

namespace signet {
namespace {

void ExpectVerdictInBatches(const SignatureTask& task, bool verdict) {
  std::string corrupted(task.signature);
  if (!corrupted.empty()) corrupted.back() ^= 1;
  const std::string longer = corrupted + "x";
  const SignatureTask bad = {task.key, task.signing_input, corrupted};
  const bool bad_verdict =
      VerifySignature(*task.key, task.signing_input, corrupted);
  const std::array<SignatureTask, 6> tasks = {
      bad, task, {task.key, "", longer}, task, bad, task};
  std::array<bool, 6> valid;
  VerifySignatures(tasks, absl::MakeSpan(valid));
  const std::array<bool, 6> expected = {bad_verdict, verdict,     false,
                                        verdict,     bad_verdict, verdict};
  EXPECT_EQ(valid, expected);
  VerifySignatures({&task, 1}, {valid.data(), 1});
  EXPECT_EQ(valid[0], verdict);
}

}  // namespace

bool HasTable(const VerificationKey& key) {
  const ReadSection section;
  return key.prepared().table() != nullptr;
}

void Use(const VerificationKey& key, int uses) {
  for (int i = 0; i < uses; ++i) key.prepared().CountUse();
}

void PrepareAll(KeyPreparer& preparer) {
  while (preparer.PrepareOne() != KeyPreparer::Progress::kNothingToDo) {
  }
}

bool GiveTable(KeyPreparer& preparer, const VerificationKey& key) {
  key.prepared().DemandTablesFrom(preparer.demand());
  Use(key, TableDemand::kHotEnough);
  PrepareAll(preparer);
  return HasTable(key);
}

bool VerifyEveryWay(const VerificationKey& key, absl::string_view signing_input,
                    absl::string_view signature) {
  const VerificationKey fresh = CopyPublicKey(key);
  const SignatureTask task = {&fresh, signing_input, signature};
  const bool verdict = VerifySignature(fresh, signing_input, signature);
  EXPECT_FALSE(HasTable(fresh));
  ExpectVerdictInBatches(task, verdict);
  KeyPreparer preparer(KeyTable::MaxBytes(key.algorithm()));
  if (GiveTable(preparer, fresh)) {
    EXPECT_EQ(VerifySignature(fresh, signing_input, signature), verdict);
    ExpectVerdictInBatches(task, verdict);
  }
  return verdict;
}

}  // namespace signet
