#include "remote/absent_keys.h"

namespace signet {

void AbsentKeys::Add(absl::string_view key_id, absl::Duration now) {
  absl::erase_if(until_,
                 [now](const auto& entry) { return entry.second <= now; });
  until_[key_id] = now + lifetime_;
}

bool AbsentKeys::Contains(absl::string_view key_id, absl::Duration now) const {
  const auto found = until_.find(key_id);
  return found != until_.end() && now < found->second;
}

}  // namespace signet
