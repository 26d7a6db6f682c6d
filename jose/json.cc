#include "jose/json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
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

// Whether two of at most kFewMembers have the same name. A name whose size and
// first character no earlier one had (but for numbers that agree in their last
// six bits) needs no comparing: most do not.
bool HaveFewDuplicateNames(JsonObject object) {
  std::array<std::string_view, kFewMembers> names;
  size_t count = 0;
  uint64_t seen = 0;
  for (const auto& member : object) {
    const std::string_view name = member.key;
    const size_t trait = name.empty() ? 0 : 5 * name.size() + name.front();
    const uint64_t bit = uint64_t{1} << (trait % 64);
    const auto end = names.begin() + count;
    if ((seen & bit) != 0 && std::find(names.begin(), end, name) != end) {
      return true;
    }
    seen |= bit;
    names[count++] = name;
  }
  return false;
}

bool HasDuplicateNames(JsonObject object) {
  const size_t size = object.size();
  if (size <= kFewMembers) return HaveFewDuplicateNames(object);
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

// Texts up to this size are read with memory that stays with the thread.
constexpr size_t kOrdinaryBytes = size_t{16} * 1024;

// The parser counts the document itself as one level.
constexpr size_t kParserDepth = kMaxJsonDepth + 1;

simdjson::error_code ParseWith(simdjson::dom::parser& parser, size_t capacity,
                               absl::string_view text,
                               simdjson::dom::document& document) {
  if (parser.capacity() < capacity) {
    const auto error = parser.allocate(capacity, kParserDepth);
    if (error != simdjson::SUCCESS) return error;
  }
  return parser
      .parse_into_document(document, text.data(), text.size(),
                           /*realloc_if_needed=*/false)
      .error();
}

// `text` is padded.
simdjson::error_code ParseInto(simdjson::dom::document& document,
                               absl::string_view text) {
  if (text.size() > kOrdinaryBytes) {
    simdjson::dom::parser parser;
    return ParseWith(parser, text.size(), text, document);
  }
  thread_local simdjson::dom::parser parser;
  return ParseWith(parser, kOrdinaryBytes, text, document);
}

absl::Status ParserError(simdjson::error_code error) {
  return absl::InvalidArgumentError(
      absl::StrCat("not valid JSON: ", simdjson::error_message(error)));
}

// Reads `text`, which is padded, into `document`.
absl::Status ReadInto(simdjson::dom::document& document,
                      absl::string_view text) {
  if (absl::StartsWith(text, kByteOrderMark)) {
    return absl::InvalidArgumentError("JSON starts with a byte order mark");
  }
  const simdjson::error_code error = ParseInto(document, text);
  if (error != simdjson::SUCCESS) return ParserError(error);
  switch (FindFlaw(document.root(), kMaxJsonDepth)) {
    case Flaw::kNone:
      return absl::OkStatus();
    case Flaw::kDuplicateName:
      return absl::InvalidArgumentError("JSON object has a duplicate member");
    case Flaw::kTooDeep:
      return ParserError(simdjson::DEPTH_ERROR);
  }
  __builtin_unreachable();
}

// simdjson writes a document as words: the kind of a value in the upper eight
// bits, and 56 bits that for the first word tell how many there are, and for a
// string where it lies. The word of a number is followed by its value.
constexpr uint64_t kPayloadBits = (uint64_t{1} << 56) - 1;

size_t TapeWords(const simdjson::dom::document& document) {
  return document.tape[0] & kPayloadBits;
}

// How many bytes the strings take: each its length, its text and a zero.
size_t StringBytes(const simdjson::dom::document& document) {
  size_t last = 0;
  bool has_strings = false;
  for (size_t i = 0; i < TapeWords(document); ++i) {
    const uint64_t word = document.tape[i];
    const auto kind = static_cast<char>(word >> 56);
    if (kind == 'l' || kind == 'u' || kind == 'd') ++i;
    if (kind != '"') continue;
    has_strings = true;
    last = word & kPayloadBits;
  }
  if (!has_strings) return 0;
  uint32_t length = 0;
  std::memcpy(&length, document.string_buf.get() + last, sizeof(length));
  return last + sizeof(length) + length + 1;
}

absl::Status RequireObject(JsonValue root) {
  if (root.is_object()) return absl::OkStatus();
  return absl::InvalidArgumentError("JSON is not an object");
}

}  // namespace

absl::StatusOr<JsonDocument> JsonDocument::Parse(absl::string_view text) {
  std::string padded;
  padded.reserve(text.size() + kJsonPadding);
  padded.append(text.data(), text.size());
  JsonDocument document;
  const absl::Status status = ReadInto(*document.document_, padded);
  if (!status.ok()) return status;
  return document;
}

absl::StatusOr<JsonDocument> JsonDocument::ParseObject(absl::string_view text) {
  absl::StatusOr<JsonDocument> document = Parse(text);
  if (!document.ok()) return document;
  const absl::Status status = RequireObject(document->root());
  if (!status.ok()) return status;
  return document;
}

absl::Status JsonDocument::ReadObject(absl::string_view text) {
  const absl::Status status = ReadInto(*document_, text);
  return status.ok() ? RequireObject(root()) : status;
}

JsonDocument::JsonDocument()
    : document_(new simdjson::dom::document, {Ender::Memory::kOwn}) {}

size_t JsonDocument::memory_bytes() const {
  // As much as simdjson takes for texts of this size.
  const size_t capacity = document_->capacity();
  return sizeof(simdjson::dom::document) + capacity * sizeof(uint64_t) +
         capacity * 5 / 3;
}

size_t JsonDocument::CopySize() const {
  return sizeof(simdjson::dom::document) +
         TapeWords(*document_) * sizeof(uint64_t) + StringBytes(*document_);
}

JsonDocument JsonDocument::CopyInto(void* memory) const {
  auto* const copy = new (memory) simdjson::dom::document;
  auto* const tape = reinterpret_cast<uint64_t*>(copy + 1);
  const size_t words = TapeWords(*document_);
  std::copy_n(document_->tape.get(), words, tape);
  auto* const strings = reinterpret_cast<uint8_t*>(tape + words);
  std::copy_n(document_->string_buf.get(), StringBytes(*document_), strings);
  copy->tape.reset(tape);
  copy->string_buf.reset(strings);
  return JsonDocument(Pointer(copy, {Ender::Memory::kBorrowed}));
}

void JsonDocument::Ender::operator()(simdjson::dom::document* document) const {
  if (memory == Memory::kOwn) {
    delete document;
    return;
  }
  static_cast<void>(document->tape.release());
  static_cast<void>(document->string_buf.release());
  document->~document();
}

JsonObject JsonDocument::object() const {
  return root().get_object().value_unsafe();
}

std::optional<JsonStrings> JsonStrings::FromArray(JsonArray array) {
  for (const JsonValue element : array) {
    if (!element.is_string()) return std::nullopt;
  }
  return JsonStrings(array);
}

JsonStrings::Iterator JsonStrings::begin() const {
  return single_ ? Iterator(*single_) : Iterator(array_.begin());
}

JsonStrings::Iterator JsonStrings::end() const {
  return single_ ? Iterator(JsonArray::iterator()) : Iterator(array_.end());
}

bool JsonStrings::Contains(absl::string_view text) const {
  if (single_) return *single_ == text;
  return std::any_of(array_.begin(), array_.end(), [&](JsonValue element) {
    return View(element.get_string().value_unsafe()) == text;
  });
}

absl::string_view JsonStrings::Iterator::operator*() const {
  if (single_) return *single_;
  return View((*position_).get_string().value_unsafe());
}

JsonStrings::Iterator& JsonStrings::Iterator::operator++() {
  if (single_) {
    single_.reset();
  } else {
    ++position_;
  }
  return *this;
}

bool JsonStrings::Iterator::operator!=(const Iterator& other) const {
  return single_.has_value() != other.single_.has_value() ||
         position_ != other.position_;
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

std::optional<JsonStrings> AsStrings(JsonValue value) {
  const std::optional<JsonArray> array = AsArray(value);
  return array ? JsonStrings::FromArray(*array) : std::nullopt;
}

std::string ToJson(JsonValue value) { return simdjson::minify(value); }

}  // namespace signet
