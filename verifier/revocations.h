#ifndef SIGNET_VERIFIER_REVOCATIONS_H_
#define SIGNET_VERIFIER_REVOCATIONS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/claims_set.h"
#include "store/records.h"
#include "verifier/revocation_hash.h"
#include "verifier/revocation_slot.h"
#include "verifier/revocation_table.h"

namespace signet {

// RevocableToken is what of a verified token decides whether it is revoked. It
// views what it is made from.
struct RevocableToken {
  // Of the key that verified it.
  absl::string_view key_id;
  // With an issuer.
  const RegisteredClaims& claims;
  // The token itself.
  absl::string_view compact;
};

// Revocations know which tokens are revoked. They go by what a token says and
// never by its signature, of which ECDSA has two for the same token.
//
// Look-ups take no lock, write to nothing that another thread reads, and wait
// for no writer. Of a kind of revocation that there is none of, they read one
// bit. Writers take turns.
//
// An entry is no text but a fingerprint (RevocationHash), of which 101 bits are
// compared. So a token is never taken for good that is revoked; and with 10
// million entries, a token that is not revoked is taken for one that is with
// probability 2^-77, however it was chosen. To see that once, one would have to
// verify a million tokens a second for 8 billion years.
class Revocations {
 public:
  // kKeptAfterExpiry is for how long DropExpired keeps what has expired.
  static constexpr absl::Duration kKeptAfterExpiry = absl::Hours(2);

  explicit Revocations(const RevocationHash& hash = RevocationHash())
      : hash_(hash) {}

  Revocations(const Revocations&) = delete;  // Readers hold its address.
  Revocations& operator=(const Revocations&) = delete;

  // Apply revokes what `record` says. Every Find that begins after its return
  // knows it. With a record of the same target, issuer and value, the later of
  // the two `expires` counts, and the later of the two `issued_before`.
  // `expires` is rounded up to a second, `issued_before` to a microsecond.
  void Apply(const RevocationRecord& record);

  // Find returns what revokes `token` at `now`, or nothing if it is not
  // revoked. A revocation that has expired by then revokes nothing. A token
  // without `iat` was issued before any moment. kContent is for tokens whose
  // `jti` is empty or absent, and kTokenId for the others.
  std::optional<RevocationTarget> Find(const RevocableToken& token,
                                       absl::Time now) const {
    // Relaxed: whoever revoked before this begins, is seen.
    const uint32_t targets = targets_.load(std::memory_order_relaxed);
    if (targets == 0) return std::nullopt;
    for (const RevocationTarget target : kTargets) {
      if ((targets & BitOf(target)) != 0 && Revokes(target, token, now)) {
        return target;
      }
    }
    return std::nullopt;
  }

  // Prefetch has the processor fetch what a Find about the token of `claims`
  // will read first. With 10 million entries, verifications that are known from
  // the cache take 50 ns longer than with none; and without this, 190.
  void Prefetch(const RegisteredClaims& claims) const {
    // Relaxed: nothing depends on it.
    const uint32_t targets = targets_.load(std::memory_order_relaxed);
    if ((targets & BitOf(RevocationTarget::kTokenId)) != 0) {
      PrefetchTokenId(claims);
    }
  }

  // DropExpired gives memory back of what expired more than kKeptAfterExpiry
  // before `now`. Until then, a clock that is set back by less changes nothing.
  // It is for a caller that comes every few minutes; a writer that comes
  // meanwhile waits for one shard, as it may for another writer whose entry
  // makes one grow: with 10 million entries, that is about 10 ms.
  void DropExpired(absl::Time now);

  // entries is how many there are, expired ones among them.
  size_t entries() const;

  // bytes is the memory of all entries, and of what will be used for more.
  size_t bytes() const;

 private:
  using Table = RevocationTable<RevocationSlot>;
  using DatedTable = RevocationTable<DatedRevocationSlot>;

  static constexpr RevocationTarget kTargets[] = {
      RevocationTarget::kTokenId, RevocationTarget::kContent,
      RevocationTarget::kSubject, RevocationTarget::kKey,
      RevocationTarget::kIssuer};

  static constexpr uint32_t BitOf(RevocationTarget target) {
    return uint32_t{1} << static_cast<uint32_t>(target);
  }

  void PrefetchTokenId(const RegisteredClaims& claims) const;

  // Whether an entry of this kind revokes `token`.
  bool Revokes(RevocationTarget target, const RevocableToken& token,
               absl::Time now) const;

  // Calls `visit` with each table and its target.
  template <typename Visit>
  void ForEachTable(const Visit& visit);

  // What look-ups read.
  const RevocationHash hash_;
  // A bit for each target that has entries. Changes seldom.
  std::atomic<uint32_t> targets_{0};

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  mutable std::mutex writer_mutex_;
  Table token_ids_;
  Table contents_;
  DatedTable subjects_;
  Table keys_;
  DatedTable issuers_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_REVOCATIONS_H_
