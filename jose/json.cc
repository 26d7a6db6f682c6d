#include "jose/json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// Up to this many members, comparing each pair is faster than hashing.
constexpr size_t kFewMembers = 16;

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

bool HasDuplicateNames(JsonObject object) {
  const size_t size = object.size();
  if (size <= kFewMembers) {
    std::array<std::string_view, kFewMembers> names;
    size_t count = 0;
    for (const auto& member : object) {
      const auto end = names.begin() + count;
      if (std::find(names.begin(), end, member.key) != end) return true;
      names[count++] = member.key;
    }
    return false;
  }
  absl::flat_hash_set<absl::string_view> names;
  names.reserve(size);
  return std::any_of(object.begin(), object.end(), [&](const auto& member) {
    return !names.insert(View(member.key)).second;
  });
}

// What the parser itself does not look for.
enum class Flaw { kNone, kDuplicateName, kTooDeep };

// Looks into all objects and arrays of `value`, of which so many levels are
// allowed. The parser has bounded them, but for empty ones.
Flaw FindFlaw(JsonValue value, size_t levels) {
  if (!value.is_object() && !value.is_array()) return Flaw::kNone;
  if (levels == 0) return Flaw::kTooDeep;
  if (value.is_array()) {
    const JsonArray array = value.get_array().value_unsafe();
    for (const JsonValue element : array) {
      const Flaw flaw = FindFlaw(element, levels - 1);
      if (flaw != Flaw::kNone) return flaw;
    }
    return Flaw::kNone;
  }
  const JsonObject object = value.get_object().value_unsafe();
  if (HasDuplicateNames(object)) return Flaw::kDuplicateName;
  for (const auto& member : object) {
    const Flaw flaw = FindFlaw(member.value, levels - 1);
    if (flaw != Flaw::kNone) return flaw;
  }
  return Flaw::kNone;
}

// The parser keeps its working memory from call to call.
simdjson::error_code ParseInto(simdjson::dom::document& document,
                               absl::string_view text) {
  thread_local simdjson::dom::parser parser;
  // The parser counts the document itself as one level.
  constexpr size_t kDepth = kMaxJsonDepth + 1;
  if (parser.capacity() < text.size() || parser.max_depth() != kDepth) {
    const auto error =
        parser.allocate(std::max<size_t>(text.size(), 4096), kDepth);
    if (error != simdjson::SUCCESS) return error;
  }
  return parser.parse_into_document(document, text.data(), text.size()).error();
}

absl::Status ParserError(simdjson::error_code error) {
  return absl::InvalidArgumentError(
      absl::StrCat("not valid JSON: ", simdjson::error_message(error)));
}

}  // namespace

absl::StatusOr<JsonDocument> JsonDocument::Parse(absl::string_view text) {
  if (absl::StartsWith(text, kByteOrderMark)) {
    return absl::InvalidArgumentError("JSON starts with a byte order mark");
  }
  simdjson::dom::document document;
  const simdjson::error_code error = ParseInto(document, text);
  if (error != simdjson::SUCCESS) return ParserError(error);
  switch (FindFlaw(document.root(), kMaxJsonDepth)) {
    case Flaw::kNone:
      return JsonDocument(std::move(document));
    case Flaw::kDuplicateName:
      return absl::InvalidArgumentError("JSON object has a duplicate member");
    case Flaw::kTooDeep:
      return ParserError(simdjson::DEPTH_ERROR);
  }
  __builtin_unreachable();
}

absl::StatusOr<JsonDocument> JsonDocument::ParseObject(absl::string_view text) {
  absl::StatusOr<JsonDocument> document = Parse(text);
  if (document.ok() && !document->root().is_object()) {
    return absl::InvalidArgumentError("JSON is not an object");
  }
  return document;
}

JsonObject JsonDocument::object() const {
  return root().get_object().value_unsafe();
}

std::optional<JsonValue> FindMember(JsonObject object, absl::string_view name) {
  JsonValue value;
  if (object.at_key({name.data(), name.size()}).get(value) !=
      simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

std::optional<absl::string_view> AsString(JsonValue value) {
  if (!value.is_string()) return std::nullopt;
  return View(value.get_string().value_unsafe());
}

std::optional<double> AsNumber(JsonValue value) {
  if (!value.is_number()) return std::nullopt;
  return value.get_double().value_unsafe();
}

std::optional<JsonObject> AsObject(JsonValue value) {
  if (!value.is_object()) return std::nullopt;
  return value.get_object().value_unsafe();
}

std::optional<JsonArray> AsArray(JsonValue value) {
  if (!value.is_array()) return std::nullopt;
  return value.get_array().value_unsafe();
}

std::optional<std::vector<absl::string_view>> AsStrings(JsonValue value) {
  const std::optional<JsonArray> array = AsArray(value);
  if (!array) return std::nullopt;
  std::vector<absl::string_view> strings;
  strings.reserve(array->size());
  for (const JsonValue element : *array) {
    const std::optional<absl::string_view> text = AsString(element);
    if (!text) return std::nullopt;
    strings.push_back(*text);
  }
  return strings;
}

std::string ToJson(JsonValue value) { return simdjson::minify(value); }

}  // namespace signet
