#ifndef SIGNET_SERVICE_METRICS_ISSUER_LABELS_H_
#define SIGNET_SERVICE_METRICS_ISSUER_LABELS_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace signet {

// IssuerLabels says under which label of a metric an issuer is counted: its own
// for issuers that somebody has configured, as long as there are no more than
// kMost; "other" for all else. So no token can make up labels. May be used from
// many threads at once; IndexOf takes no lock.
class IssuerLabels {
 public:
  static constexpr size_t kMost = 256;
  // kOther is the index of "other".
  static constexpr size_t kOther = 0;

  IssuerLabels();
  IssuerLabels(const IssuerLabels&) = delete;  // Readers hold its address.
  IssuerLabels& operator=(const IssuerLabels&) = delete;

  // Know gives issuers labels that have none yet. A label is never taken back.
  void Know(const std::vector<std::string>& issuers);

  // IndexOf returns the index of the label, at most kMost.
  size_t IndexOf(absl::string_view issuer) const {
    // Acquire, to see the map as it was made.
    const Map& map = *map_.load(std::memory_order_acquire);
    const auto found = map.find(issuer);
    return found == map.end() ? kOther : found->second;
  }

  // Names are all labels, by index.
  std::vector<std::string> Names() const;

 private:
  using Map = absl::flat_hash_map<std::string, size_t>;

  std::atomic<const Map*> map_;
  mutable std::mutex mutex_;
  // All that there ever were: readers may still stand on any of them. Each has
  // more issuers than the one before, so they are few.
  std::vector<std::unique_ptr<const Map>> maps_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_METRICS_ISSUER_LABELS_H_
