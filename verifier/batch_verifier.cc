// JwtVerifier::VerifyBatch: the same checks as one by one, each for all tokens
// before the next.

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "verifier/examination.h"
#include "verifier/jwt_verifier.h"
#include "verifier/signature.h"

namespace signet {
namespace {

// Batch is what has been found out about the tokens of a batch.
class Batch {
 public:
  struct Member {
    Examination examination;
    // The first member with the same token: this one, if there is none before.
    size_t first;
    std::optional<Rejection> rejection;
    // Which of the signatures is its own.
    std::optional<size_t> signature;
  };

  Batch(absl::Span<const VerificationRequest> requests,
        const Surroundings& surroundings);

  void FindKeys();
  void CheckSignatures();
  void CheckClaims();

  std::vector<Member>& members() { return members_; }

 private:
  // Whether the first member with the token of `member` has the same signature
  // to be checked with the same key.
  bool SharesSignature(const Member& member) const {
    const Member& first = members_[member.first];
    return first.signature && first.examination.key == member.examination.key;
  }

  std::vector<Member> members_;
};

Batch::Batch(absl::Span<const VerificationRequest> requests,
             const Surroundings& surroundings) {
  members_.reserve(requests.size());
  absl::flat_hash_map<absl::string_view, size_t> firsts(requests.size());
  for (const VerificationRequest& request : requests) {
    const size_t first =
        firsts.try_emplace(request.compact, members_.size()).first->second;
    members_.push_back({{surroundings, request.compact,
                         request.policy->options(), *request.tightening},
                        first});
  }
}

void Batch::FindKeys() {
  for (Member& member : members_) {
    Member& first = members_[member.first];
    if (&first != &member) {
      if (!first.examination.jwt) {
        member.rejection = first.rejection;
        continue;
      }
      member.examination.jwt = first.examination.jwt;
      member.examination.known_signer = first.examination.known_signer;
    }
    member.rejection = FirstRejection(KeyChecks(), member.examination);
  }
}

void Batch::CheckSignatures() {
  std::vector<SignatureTask> signatures;
  signatures.reserve(members_.size());
  for (Member& member : members_) {
    if (member.rejection || HasKnownSignature(member.examination) ||
        SharesSignature(member)) {
      continue;
    }
    member.signature = signatures.size();
    signatures.push_back(SignatureOf(member.examination));
  }
  const auto valid = std::make_unique<bool[]>(signatures.size());
  VerifySignatures(signatures, {valid.get(), signatures.size()});
  for (Member& member : members_) {
    if (member.rejection) continue;
    if (member.signature) {
      member.rejection =
          ConcludeSignature(member.examination, valid[*member.signature]);
    } else if (SharesSignature(member)) {
      member.rejection = members_[member.first].rejection;
    }
  }
}

void Batch::CheckClaims() {
  for (Member& member : members_) {
    if (member.rejection) continue;
    member.rejection = FirstRejection(ClaimsChecks(), member.examination);
  }
}

}  // namespace

std::vector<absl::StatusOr<Verdict>> JwtVerifier::VerifyBatch(
    absl::Span<const VerificationRequest> requests, absl::Time now) const {
  const KeyCache::Reader issuers(*issuers_);
  const Surroundings surroundings{issuers, tokens_.get(), revocations_.get(),
                                  now};
  Batch batch(requests, surroundings);
  batch.FindKeys();
  batch.CheckSignatures();
  batch.CheckClaims();

  std::vector<absl::StatusOr<Verdict>> verdicts;
  verdicts.reserve(requests.size());
  for (Batch::Member& member : batch.members()) {
    verdicts.emplace_back(
        Conclude(member.examination, std::move(member.rejection)));
  }
  return verdicts;
}

}  // namespace signet
