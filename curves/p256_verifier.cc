#include "curves/p256_verifier.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "curves/error_queue.h"
#include "openssl/bn.h"
#include "openssl/ecdsa.h"

namespace signet {
namespace {

constexpr size_t kHalf = 32;

// A batch this small costs more than its signatures one by one.
constexpr size_t kSmallBatch = 3;

// Asks about a task whose digest and signature have the right lengths.
bool AskBoringSsl(const P256Task& task) {
  const ErrorQueueCleaner cleaner;
  const uint8_t* r = task.signature.data();
  const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
  return pair != nullptr &&
         ECDSA_SIG_set0(pair.get(), BN_bin2bn(r, kHalf, nullptr),
                        BN_bin2bn(r + kHalf, kHalf, nullptr)) == 1 &&
         ECDSA_do_verify(task.digest.data(), task.digest.size(), pair.get(),
                         task.key) == 1;
}

bool IsValid(const P256Task& task, P256Verdict verdict) {
  switch (verdict) {
    case P256Verdict::kInvalid:
      return false;
    case P256Verdict::kValid:
      return true;
    case P256Verdict::kExceptional:
      return AskBoringSsl(task);
  }
  return false;
}

bool Verify(const P256Task& task) { return IsValid(task, EvaluateP256(task)); }

}  // namespace

bool VerifyP256(const P256Table& table, const EC_KEY& key,
                absl::Span<const uint8_t> digest,
                absl::Span<const uint8_t> signature) {
  return Verify({&table, &key, digest, signature});
}

void VerifyP256Batch(absl::Span<const P256Task> tasks, absl::Span<bool> valid) {
  while (!tasks.empty()) {
    const auto some = tasks.subspan(0, kP256BatchSize);
    if (some.size() < kSmallBatch) {
      std::transform(some.begin(), some.end(), valid.begin(), Verify);
    } else {
      std::array<P256Verdict, kP256BatchSize> verdicts;
      EvaluateP256Batch(some, absl::MakeSpan(verdicts.data(), some.size()));
      for (size_t i = 0; i < some.size(); ++i) {
        valid[i] = IsValid(some[i], verdicts[i]);
      }
    }
    tasks.remove_prefix(some.size());
    valid.remove_prefix(some.size());
  }
}

}  // namespace signet
