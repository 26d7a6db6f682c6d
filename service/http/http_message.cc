#include "service/http/http_message.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"

namespace signet {

const std::string* FindField(const std::vector<HttpField>& fields,
                             absl::string_view name) {
  for (const HttpField& field : fields) {
    if (absl::EqualsIgnoreCase(field.name, name)) return &field.value;
  }
  return nullptr;
}

int CountFields(const std::vector<HttpField>& fields, absl::string_view name) {
  return static_cast<int>(absl::c_count_if(fields, [&](const HttpField& field) {
    return absl::EqualsIgnoreCase(field.name, name);
  }));
}

}  // namespace signet
