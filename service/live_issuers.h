#ifndef SIGNET_SERVICE_LIVE_ISSUERS_H_
#define SIGNET_SERVICE_LIVE_ISSUERS_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "keys/key_cache.h"
#include "keys/key_material.h"
#include "keys/key_sealing.h"
#include "keys/key_set.h"
#include "service/issuer_plan.h"
#include "signer/jwt_signer.h"
#include "store/records.h"

namespace signet {

// KeyWatch goes when its owner no longer wants to hear of changes. To drop it
// waits for a call that is running.
class KeyWatch {
 public:
  virtual ~KeyWatch() = default;
};

// LiveIssuers are the configured issuers with their keys of the moment: those
// from files, and those that the store has. Which issuers there are, and what
// the configuration says about them, does not change: another configuration
// makes others, which take the generated keys over. May be used from many
// threads at once.
class LiveIssuers {
 public:
  // Create loads `key_cache` with the keys from files. InvalidArgument, if two
  // issuers are one, or two keys of one have the same id; it begins with the
  // field. Those that are to take the place of `before` tell whoever watches
  // these of changes, and share what is prepared for keys that are the same.
  static absl::StatusOr<std::unique_ptr<LiveIssuers>> Create(
      std::vector<IssuerPlan> plans, std::shared_ptr<KeyCache> key_cache,
      const KeyLimits& limits, const LiveIssuers* before = nullptr);

  // TakeOver makes the generated keys of `before` those of the same issuers
  // here, as far as they are generated here, too. InvalidArgument, if they do
  // not go with the keys from files.
  absl::Status TakeOver(const LiveIssuers& before);

  // Apply makes `records` the generated keys of their issuer. When it returns,
  // nothing is verified with a key that is not among them, nor signed with one
  // that is not active. Nothing happens if a later revision has been applied,
  // or no keys are generated for the issuer. On failure
  // (KeyEncryptionKey::Open) the keys that were there stay.
  absl::Status Apply(const IssuerKeyRecords& records,
                     const KeyEncryptionKey& sealer);

  // ForgetRevisions has Apply take the next records of every issuer, however
  // old: for a store that was restored from a backup.
  void ForgetRevisions();

  // Records returns the generated keys of an issuer, as applied last.
  IssuerKeyRecords Records(absl::string_view issuer) const;

  // FindSigner returns who signs as `issuer` at the moment; without a name, as
  // the only one who signs. InvalidArgument, if Signet does not sign as this
  // issuer; Unavailable, if it has no key to sign with now.
  absl::StatusOr<std::shared_ptr<const JwtSigner>> FindSigner(
      absl::string_view issuer) const;

  // OnlySigningIssuer returns the one that a request means which names none, or
  // nothing: Signet signs as none, or as several.
  absl::string_view OnlySigningIssuer() const;

  // Watch has `changed` called after the generated keys of an issuer have
  // changed, by the thread that applied them, for as long as the watch is kept.
  // It must not apply keys or watch. The watch goes on with those that take the
  // place of these.
  std::unique_ptr<KeyWatch> Watch(
      std::function<void(absl::string_view issuer)> changed) const;

  // TellWatchers has every watcher look at `issuer`.
  void TellWatchers(absl::string_view issuer) const;

  // FindPlan returns what the configuration says about an issuer, or null.
  const IssuerPlan* FindPlan(absl::string_view issuer) const;

  // Plans returns those of all issuers, by name.
  std::vector<const IssuerPlan*> Plans() const;

  // PublicJwkSet returns the public keys that Signet signs with as `issuer`,
  // has signed with, or is going to. Without a plan for it: none.
  std::string PublicJwkSet(absl::string_view issuer) const;

 private:
  struct Issuer {
    explicit Issuer(IssuerPlan its_plan) : plan(std::move(its_plan)) {}

    const IssuerPlan plan;
    // Held while keys are applied; `mutex` only while they change places.
    std::mutex applying;
    mutable std::mutex mutex;
    IssuerKeyRecords records ABSL_GUARDED_BY(mutex);
    // Those of `records` that are not over, in their order.
    SigningKeys generated ABSL_GUARDED_BY(mutex);
    std::shared_ptr<const JwtSigner> signer ABSL_GUARDED_BY(mutex);
  };
  class Watcher;
  // Whoever watches, of all that took each other's place.
  struct Watchers {
    std::mutex mutex;
    absl::flat_hash_set<Watcher*> all ABSL_GUARDED_BY(mutex);
  };
  using Issuers = absl::flat_hash_map<std::string, std::unique_ptr<Issuer>>;

  LiveIssuers(std::shared_ptr<KeyCache> key_cache, const KeyLimits& limits,
              const LiveIssuers* before)
      : key_cache_(std::move(key_cache)),
        limits_(limits),
        watchers_(before == nullptr ? std::make_shared<Watchers>()
                                    : before->watchers_) {}

  // Null, if there is none.
  Issuer* Find(absl::string_view issuer) const;
  // The only one that signs, or null.
  const Issuer* FindOnlySigning() const;
  absl::StatusOr<SigningKeys> OpenKeys(const Issuer& issuer,
                                       const IssuerKeyRecords& records,
                                       const KeyEncryptionKey& sealer) const;
  // Has `records`, opened, take the place of what there is. Keys that are the
  // same in `before`, if that is not null, share what is prepared.
  absl::Status Install(Issuer& issuer, const IssuerKeyRecords& records,
                       SigningKeys generated, const KeyCache* before = nullptr);

  const std::shared_ptr<KeyCache> key_cache_;
  const KeyLimits limits_;
  Issuers issuers_;
  const std::shared_ptr<Watchers> watchers_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LIVE_ISSUERS_H_
