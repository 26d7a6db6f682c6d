#ifndef SIGNET_JOSE_JSON_H_
#define SIGNET_JOSE_JSON_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace signet {

// JsonValue, JsonObject and JsonArray are views into a JsonDocument, and so are
// the strings read out of it. They stay valid when it is moved, and end when it
// goes or reads another text.
using JsonValue = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

// kMaxJsonDepth bounds how deeply objects and arrays may be nested.
inline constexpr size_t kMaxJsonDepth = 32;

// kJsonPadding is how many bytes behind a text ReadObject may read.
inline constexpr size_t kJsonPadding = simdjson::SIMDJSON_PADDING;

// JsonDocument is a JSON text (RFC 8259) that was read strictly.
class JsonDocument {
 public:
  // The constructor makes a document that has yet to read its text.
  JsonDocument();

  // Parse reads `text`, which must be one JSON value in UTF-8 without a byte
  // order mark, nested at most kMaxJsonDepth deep, in which no object has two
  // members of the same name (after unescaping), and every number fits an
  // int64_t, a uint64_t or a finite double. InvalidArgument says what is
  // wrong, without quoting `text`.
  static absl::StatusOr<JsonDocument> Parse(absl::string_view text);

  // ParseObject is Parse for a text that must be an object.
  static absl::StatusOr<JsonDocument> ParseObject(absl::string_view text);

  // ReadObject is ParseObject into the memory of this document, which grows
  // only if it never read a text as long: then nothing is allocated. It does
  // not copy `text` first, and therefore needs kJsonPadding bytes behind it
  // that may be read. After an error there is nothing to view.
  absl::Status ReadObject(absl::string_view text);

  // memory_bytes is how much memory the document has, besides itself.
  size_t memory_bytes() const;

  // CopySize is how many bytes a copy takes: exactly what it needs.
  size_t CopySize() const;

  // CopyInto returns a document with the same values in `memory`, which has
  // CopySize() bytes, aligned to 8, and must outlive it. The copy cannot read
  // another text.
  JsonDocument CopyInto(void* memory) const;

  // root is the value.
  JsonValue root() const { return document_->root(); }

  // object is the root of a document that ParseObject or ReadObject accepted.
  JsonObject object() const;

 private:
  // Ends a document, and frees the memory that is its own.
  struct Ender {
    enum class Memory { kOwn, kBorrowed };
    Memory memory;
    void operator()(simdjson::dom::document* document) const;
  };
  // Behind a pointer, because views hold its address.
  using Pointer = std::unique_ptr<simdjson::dom::document, Ender>;

  explicit JsonDocument(Pointer document) : document_(std::move(document)) {}

  Pointer document_;
};

// JsonStrings is an array of strings, or one string as an array of one: a view,
// as JsonArray is.
class JsonStrings {
 public:
  // Iterator reads the strings in order.
  class Iterator {
   public:
    absl::string_view operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const;

   private:
    friend class JsonStrings;
    explicit Iterator(absl::string_view single) : single_(single) {}
    explicit Iterator(JsonArray::iterator position) : position_(position) {}

    std::optional<absl::string_view> single_;
    JsonArray::iterator position_;
  };

  using value_type = absl::string_view;
  using const_iterator = Iterator;

  explicit JsonStrings(absl::string_view single) : single_(single) {}

  // FromArray returns nothing unless all elements are strings.
  static std::optional<JsonStrings> FromArray(JsonArray array);

  Iterator begin() const;
  Iterator end() const;
  size_t size() const { return single_ ? 1 : array_.size(); }

  // Contains says whether one of them is `text`, byte for byte.
  bool Contains(absl::string_view text) const;

 private:
  explicit JsonStrings(JsonArray array) : array_(array) {}

  std::optional<absl::string_view> single_;
  JsonArray array_;
};

// FindMember returns the member of `object` with this name, if there is one.
std::optional<JsonValue> FindMember(JsonObject object, absl::string_view name);

// AsString, AsNumber, AsObject, AsArray and AsStrings return the value if it
// is a string, a number, an object, an array, an array of strings alone.
std::optional<absl::string_view> AsString(JsonValue value);
std::optional<double> AsNumber(JsonValue value);
std::optional<JsonObject> AsObject(JsonValue value);
std::optional<JsonArray> AsArray(JsonValue value);
std::optional<JsonStrings> AsStrings(JsonValue value);

// ToJson writes `value` without white space.
std::string ToJson(JsonValue value);

}  // namespace signet

#endif  // SIGNET_JOSE_JSON_H_
