#ifndef SIGNET_JOSE_JSON_H_
#define SIGNET_JOSE_JSON_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace signet {

// JsonValue, JsonObject and JsonArray are views into a JsonDocument, which must
// outlive them and must not be moved meanwhile. Strings read out of it stay
// valid when it is moved.
using JsonValue = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

// kMaxJsonDepth bounds how deeply objects and arrays may be nested.
inline constexpr size_t kMaxJsonDepth = 32;

// JsonDocument is a JSON text (RFC 8259) that was read strictly.
class JsonDocument {
 public:
  // Parse reads `text`, which must be one JSON value in UTF-8 without a byte
  // order mark, nested at most kMaxJsonDepth deep, in which no object has two
  // members of the same name (after unescaping), and every number fits an
  // int64_t, a uint64_t or a finite double. InvalidArgument says what is
  // wrong, without quoting `text`.
  static absl::StatusOr<JsonDocument> Parse(absl::string_view text);

  // ParseObject is Parse for a text that must be an object.
  static absl::StatusOr<JsonDocument> ParseObject(absl::string_view text);

  // root is the value.
  JsonValue root() const { return document_.root(); }

  // object is the root of a document that ParseObject returned.
  JsonObject object() const;

 private:
  explicit JsonDocument(simdjson::dom::document document)
      : document_(std::move(document)) {}

  simdjson::dom::document document_;
};

// FindMember returns the member of `object` with this name, if there is one.
std::optional<JsonValue> FindMember(JsonObject object, absl::string_view name);

// AsString, AsNumber, AsObject, AsArray and AsStrings return the value if it
// is a string, a number, an object, an array, an array of strings alone.
std::optional<absl::string_view> AsString(JsonValue value);
std::optional<double> AsNumber(JsonValue value);
std::optional<JsonObject> AsObject(JsonValue value);
std::optional<JsonArray> AsArray(JsonValue value);
std::optional<std::vector<absl::string_view>> AsStrings(JsonValue value);

// ToJson writes `value` without white space.
std::string ToJson(JsonValue value);

}  // namespace signet

#endif  // SIGNET_JOSE_JSON_H_
