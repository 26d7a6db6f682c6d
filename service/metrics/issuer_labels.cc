#include "service/metrics/issuer_labels.h"

#include <utility>

namespace signet {

IssuerLabels::IssuerLabels() {
  const std::lock_guard lock(mutex_);
  maps_.push_back(std::make_unique<const Map>());
  map_.store(maps_.back().get(), std::memory_order_release);
}

void IssuerLabels::Know(const std::vector<std::string>& issuers) {
  const std::lock_guard lock(mutex_);
  Map map = *maps_.back();
  for (const std::string& issuer : issuers) {
    if (map.size() == kMost) break;
    map.try_emplace(issuer, map.size() + 1);
  }
  if (map.size() == maps_.back()->size()) return;
  maps_.push_back(std::make_unique<const Map>(std::move(map)));
  // Release, for those who look issuers up.
  map_.store(maps_.back().get(), std::memory_order_release);
}

std::vector<std::string> IssuerLabels::Names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names(maps_.back()->size() + 1);
  names[kOther] = "other";
  for (const auto& [issuer, index] : *maps_.back()) names[index] = issuer;
  return names;
}

}  // namespace signet
