#include "service/live_issuers.h"

#include <cstddef>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "keys/jwk_set.h"
#include "service/config_field.h"

namespace signet {
namespace {

bool Verifies(const KeyRecord& key) { return key.state < KeyState::kRetired; }

// All keys that verify tokens of the issuer.
absl::StatusOr<KeySet> VerifyingKeys(const IssuerPlan& plan,
                                     const SigningKeys& generated) {
  std::vector<VerificationKey> keys;
  for (const VerificationKey& key : plan.verification_keys) {
    keys.push_back(key.Copy());
  }
  for (const SigningKeys* signing : {&plan.signing.keys, &generated}) {
    for (const auto& key : *signing) {
      keys.push_back(key->verification_key().Copy());
    }
  }
  return KeySet::Create(std::move(keys));
}

// The keys that sign now, in the order of choice.
SigningKeys ActiveKeys(const SigningPlan& plan, const IssuerKeyRecords& records,
                       const SigningKeys& generated) {
  SigningKeys keys = plan.keys;
  for (const Algorithm algorithm : plan.generated) {
    for (const KeyRecord& record : records.keys) {
      if (record.algorithm != algorithm || record.state != KeyState::kActive) {
        continue;
      }
      const auto key = absl::c_find_if(generated, [&](const auto& each) {
        return each->key_id() == record.key_id;
      });
      if (key != generated.end()) keys.push_back(*key);
    }
  }
  return keys;
}

// Null, if there is no key to sign with.
absl::StatusOr<std::shared_ptr<const JwtSigner>> NewSigner(
    const IssuerPlan& plan, const IssuerKeyRecords& records,
    const SigningKeys& generated) {
  SigningOptions options;
  options.issuer = plan.issuer;
  options.keys = ActiveKeys(plan.signing, records, generated);
  options.awaited = plan.signing.GeneratedSet();
  options.default_lifetime = plan.signing.default_lifetime;
  options.max_lifetime = plan.signing.max_lifetime;
  if (options.keys.empty()) return nullptr;
  absl::StatusOr<JwtSigner> signer = JwtSigner::Create(std::move(options));
  if (!signer.ok()) return InField("signing", signer.status());
  return std::make_shared<const JwtSigner>(*std::move(signer));
}

}  // namespace

class LiveIssuers::Watcher final : public KeyWatch {
 public:
  Watcher(std::shared_ptr<Watchers> watchers,
          std::function<void(absl::string_view issuer)> changed)
      : watchers_(std::move(watchers)), changed_(std::move(changed)) {
    const std::lock_guard lock(watchers_->mutex);
    watchers_->all.insert(this);
  }
  // The others hold its address.
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() override {
    const std::lock_guard lock(watchers_->mutex);
    watchers_->all.erase(this);
  }

  void Tell(absl::string_view issuer) const { changed_(issuer); }

 private:
  const std::shared_ptr<Watchers> watchers_;
  const std::function<void(absl::string_view issuer)> changed_;
};

std::unique_ptr<KeyWatch> LiveIssuers::Watch(
    std::function<void(absl::string_view issuer)> changed) const {
  return std::make_unique<Watcher>(watchers_, std::move(changed));
}

void LiveIssuers::TellWatchers(absl::string_view issuer) const {
  const std::lock_guard lock(watchers_->mutex);
  for (const Watcher* watcher : watchers_->all) watcher->Tell(issuer);
}

absl::StatusOr<std::unique_ptr<LiveIssuers>> LiveIssuers::Create(
    std::vector<IssuerPlan> plans, std::shared_ptr<KeyCache> key_cache,
    const KeyLimits& limits, const LiveIssuers* before) {
  const KeyCache* const lender =
      before == nullptr ? nullptr : before->key_cache_.get();
  auto live =
      absl::WrapUnique(new LiveIssuers(std::move(key_cache), limits, before));
  for (size_t i = 0; i < plans.size(); ++i) {
    const std::string field = absl::StrCat("issuers[", i, "]");
    const std::string name = plans[i].issuer;
    const auto [issuer, inserted] = live->issuers_.try_emplace(
        name, std::make_unique<Issuer>(std::move(plans[i])));
    if (!inserted) {
      return InField(field,
                     absl::InvalidArgumentError("issuer: is configured twice"));
    }
    const absl::Status installed =
        live->Install(*issuer->second, {name}, {}, lender);
    if (!installed.ok()) return InField(field, installed);
  }
  return live;
}

absl::Status LiveIssuers::Apply(const IssuerKeyRecords& records,
                                const KeyEncryptionKey& sealer) {
  Issuer* const issuer = Find(records.issuer);
  if (issuer == nullptr || issuer->plan.signing.generated.empty()) {
    return absl::OkStatus();
  }
  const std::lock_guard applying(issuer->applying);
  if (Records(records.issuer).revision >= records.revision) {
    return absl::OkStatus();
  }
  absl::StatusOr<SigningKeys> opened = OpenKeys(*issuer, records, sealer);
  if (!opened.ok()) return opened.status();
  absl::Status installed = Install(*issuer, records, *std::move(opened));
  if (installed.ok()) TellWatchers(records.issuer);
  return installed;
}

absl::Status LiveIssuers::TakeOver(const LiveIssuers& before) {
  for (const auto& [name, issuer] : issuers_) {
    const Issuer* const old = before.Find(name);
    if (old == nullptr || old->plan.signing.generated.empty() ||
        issuer->plan.signing.generated.empty()) {
      continue;
    }
    IssuerKeyRecords records;
    SigningKeys generated;
    {
      const std::lock_guard lock(old->mutex);
      records = old->records;
      generated = old->generated;
    }
    const std::lock_guard applying(issuer->applying);
    if (Records(name).revision >= records.revision) continue;
    const absl::Status installed = Install(
        *issuer, records, std::move(generated), before.key_cache_.get());
    if (!installed.ok()) {
      return InField(absl::StrCat("issuers: ", name), installed);
    }
  }
  return absl::OkStatus();
}

void LiveIssuers::ForgetRevisions() {
  for (const auto& [name, issuer] : issuers_) {
    const std::lock_guard lock(issuer->mutex);
    issuer->records.revision = 0;
  }
}

IssuerKeyRecords LiveIssuers::Records(absl::string_view issuer) const {
  const Issuer* const found = Find(issuer);
  if (found == nullptr) return {std::string(issuer)};
  const std::lock_guard lock(found->mutex);
  return found->records;
}

absl::StatusOr<SigningKeys> LiveIssuers::OpenKeys(
    const Issuer& issuer, const IssuerKeyRecords& records,
    const KeyEncryptionKey& sealer) const {
  SigningKeys known;
  {
    const std::lock_guard lock(issuer.mutex);
    known = issuer.generated;
  }
  SigningKeys keys;
  for (const KeyRecord& record : records.keys) {
    if (!Verifies(record)) continue;
    const auto before = absl::c_find_if(
        known, [&](const auto& key) { return key->key_id() == record.key_id; });
    if (before != known.end()) {
      keys.push_back(*before);
      continue;
    }
    absl::StatusOr<SigningKey> key = sealer.Open(
        records.issuer, record.key_id, record.sealed_private_key, limits_);
    if (!key.ok()) return key.status();
    keys.push_back(std::make_shared<const SigningKey>(*std::move(key)));
  }
  return keys;
}

absl::Status LiveIssuers::Install(Issuer& issuer,
                                  const IssuerKeyRecords& records,
                                  SigningKeys generated,
                                  const KeyCache* before) {
  absl::StatusOr<std::shared_ptr<const JwtSigner>> signer =
      NewSigner(issuer.plan, records, generated);
  if (!signer.ok()) return signer.status();
  absl::StatusOr<KeySet> verifying = VerifyingKeys(issuer.plan, generated);
  if (!verifying.ok()) return AtField("keys", verifying.status());
  if (before != nullptr) before->LendPrepared(issuer.plan.issuer, *verifying);
  // First the keys: whoever gets a token may have it verified at once.
  key_cache_->ReplaceIssuer(issuer.plan.issuer, *std::move(verifying));
  const std::lock_guard lock(issuer.mutex);
  issuer.records = records;
  issuer.generated = std::move(generated);
  issuer.signer = *std::move(signer);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const JwtSigner>> LiveIssuers::FindSigner(
    absl::string_view issuer) const {
  const Issuer* const found = issuer.empty() ? FindOnlySigning() : Find(issuer);
  if (found == nullptr && issuer.empty()) {
    return absl::InvalidArgumentError(
        "issuer: is required, because this server does not sign as exactly "
        "one");
  }
  if (found == nullptr || !found->plan.Signs()) {
    return absl::InvalidArgumentError(
        "issuer: this server does not sign as this issuer");
  }
  const std::lock_guard lock(found->mutex);
  if (found->signer != nullptr) return found->signer;
  return absl::UnavailableError(
      "no key of this issuer has been published for long enough to sign; try "
      "again later");
}

LiveIssuers::Issuer* LiveIssuers::Find(absl::string_view issuer) const {
  const auto found = issuers_.find(issuer);
  return found == issuers_.end() ? nullptr : found->second.get();
}

absl::string_view LiveIssuers::OnlySigningIssuer() const {
  const Issuer* const found = FindOnlySigning();
  return found == nullptr ? absl::string_view() : found->plan.issuer;
}

const LiveIssuers::Issuer* LiveIssuers::FindOnlySigning() const {
  const Issuer* only = nullptr;
  for (const auto& [name, issuer] : issuers_) {
    if (!issuer->plan.Signs()) continue;
    if (only != nullptr) return nullptr;
    only = issuer.get();
  }
  return only;
}

const IssuerPlan* LiveIssuers::FindPlan(absl::string_view issuer) const {
  const Issuer* const found = Find(issuer);
  return found == nullptr ? nullptr : &found->plan;
}

std::vector<const IssuerPlan*> LiveIssuers::Plans() const {
  std::vector<const IssuerPlan*> plans;
  for (const auto& [name, issuer] : issuers_) plans.push_back(&issuer->plan);
  absl::c_sort(plans, [](const IssuerPlan* a, const IssuerPlan* b) {
    return a->issuer < b->issuer;
  });
  return plans;
}

std::string LiveIssuers::PublicJwkSet(absl::string_view issuer) const {
  std::vector<VerificationKey> keys;
  if (const Issuer* const found = Find(issuer); found != nullptr) {
    const std::lock_guard lock(found->mutex);
    for (const SigningKeys* signing :
         {&found->plan.signing.keys, &found->generated}) {
      for (const auto& key : *signing) {
        keys.push_back(key->verification_key().Copy());
      }
    }
  }
  return ToPublicJwkSet(keys);
}

}  // namespace signet
