#ifndef SIGNET_JOSE_JSON_WRITER_H_
#define SIGNET_JOSE_JSON_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace signet {

// JsonObjectWriter builds the text of one JSON object, member by member, in
// order and without white space. The caller gives each name once.
class JsonObjectWriter {
 public:
  // AddString writes `value`, which must be UTF-8, with JSON's escapes.
  JsonObjectWriter& AddString(absl::string_view name, absl::string_view value);
  JsonObjectWriter& AddStrings(absl::string_view name,
                               absl::Span<const std::string> values);
  JsonObjectWriter& AddInteger(absl::string_view name, int64_t value);
  JsonObjectWriter& AddBool(absl::string_view name, bool value);
  // AddJson writes `json`, which must be a JSON value, as it is.
  JsonObjectWriter& AddJson(absl::string_view name, absl::string_view json);

  // Finish returns the object; the writer must not be used again.
  std::string Finish() &&;

 private:
  void StartMember(absl::string_view name);

  std::string text_ = "{";
};

// ToJsonString returns `text`, which must be UTF-8, as a JSON string.
std::string ToJsonString(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_JOSE_JSON_WRITER_H_
