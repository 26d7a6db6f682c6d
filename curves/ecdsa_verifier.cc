#include "curves/ecdsa_verifier.h"

#include <array>
#include <cstddef>

#include "curves/error_queue.h"
#include "openssl/bn.h"
#include "openssl/ecdsa.h"

namespace signet {
namespace {

// Asks about a task whose digest and signature have the right lengths.
template <typename Curve>
bool AskBoringSsl(const EcdsaTask<Curve>& task) {
  const ErrorQueueCleaner cleaner;
  const uint8_t* r = task.signature.data();
  const bssl::UniquePtr<ECDSA_SIG> pair(ECDSA_SIG_new());
  return pair != nullptr &&
         ECDSA_SIG_set0(pair.get(), BN_bin2bn(r, Curve::kBytes, nullptr),
                        BN_bin2bn(r + Curve::kBytes, Curve::kBytes, nullptr)) ==
             1 &&
         ECDSA_do_verify(task.digest.data(), task.digest.size(), pair.get(),
                         task.key) == 1;
}

template <typename Curve>
bool IsValid(const EcdsaTask<Curve>& task, EcdsaVerdict verdict) {
  switch (verdict) {
    case EcdsaVerdict::kInvalid:
      return false;
    case EcdsaVerdict::kValid:
      return true;
    case EcdsaVerdict::kExceptional:
      return AskBoringSsl(task);
  }
  return false;
}

}  // namespace

template <typename Curve>
bool VerifyEcdsa(const EcdsaTable<Curve>& table, const EC_KEY& key,
                 absl::Span<const uint8_t> digest,
                 absl::Span<const uint8_t> signature) {
  const EcdsaTask<Curve> task = {&table, &key, digest, signature};
  bool valid = false;
  VerifyEcdsaBatch(absl::MakeConstSpan(&task, 1), absl::MakeSpan(&valid, 1));
  return valid;
}

template <typename Curve>
void VerifyEcdsaBatch(absl::Span<const EcdsaTask<Curve>> tasks,
                      absl::Span<bool> valid) {
  while (!tasks.empty()) {
    const auto some = tasks.subspan(0, kEcdsaBatchSize);
    std::array<EcdsaVerdict, kEcdsaBatchSize> verdicts;
    EvaluateEcdsa(some, absl::MakeSpan(verdicts.data(), some.size()));
    for (size_t i = 0; i < some.size(); ++i) {
      valid[i] = IsValid(some[i], verdicts[i]);
    }
    tasks.remove_prefix(some.size());
    valid.remove_prefix(some.size());
  }
}

template bool VerifyEcdsa(const EcdsaTable<P384>&, const EC_KEY&,
                          absl::Span<const uint8_t>, absl::Span<const uint8_t>);
template bool VerifyEcdsa(const EcdsaTable<P521>&, const EC_KEY&,
                          absl::Span<const uint8_t>, absl::Span<const uint8_t>);
template void VerifyEcdsaBatch(absl::Span<const EcdsaTask<P384>>,
                               absl::Span<bool>);
template void VerifyEcdsaBatch(absl::Span<const EcdsaTask<P521>>,
                               absl::Span<bool>);

}  // namespace signet
