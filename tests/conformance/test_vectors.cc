#include "tests/conformance/test_vectors.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// Where Bazel puts @vectors//:all for a test.
std::filesystem::path PathOf(absl::string_view path) {
  return std::filesystem::path("external/vectors/vectors") / std::string(path);
}

JsonValue EmptyObject() {
  static const JsonDocument& document =
      *new JsonDocument(*JsonDocument::ParseObject("{}"));
  return document.root();
}

JsonValue Member(JsonObject object, absl::string_view name) {
  const std::optional<JsonValue> member = FindMember(object, name);
  if (!member) ADD_FAILURE() << "no member " << name;
  return member.value_or(EmptyObject());
}

}  // namespace

bool HaveTestVectors() { return std::filesystem::is_directory(PathOf("")); }

std::vector<std::string> ListVectors(absl::string_view folder) {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(PathOf(folder))) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ReadVector(absl::string_view path) {
  std::ifstream file(PathOf(path), std::ios::binary);
  if (!file) ADD_FAILURE() << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

JsonDocument ReadJsonVector(absl::string_view path) {
  absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseObject(ReadVector(path));
  if (document.ok()) return *std::move(document);
  ADD_FAILURE() << path << ": " << document.status();
  return *JsonDocument::ParseObject("{}");
}

void ExpectKnownMembers(JsonObject object,
                        std::initializer_list<absl::string_view> known,
                        absl::string_view where) {
  for (const auto& member : object) {
    const absl::string_view name(member.key.data(), member.key.size());
    EXPECT_TRUE(absl::c_linear_search(known, name))
        << where << ": this runner does not understand the field " << name;
  }
}

std::string StringMember(JsonObject object, absl::string_view name) {
  const auto text = AsString(Member(object, name));
  EXPECT_TRUE(text) << name << " is not a string";
  return std::string(text.value_or(""));
}

int64_t IntegerMember(JsonObject object, absl::string_view name) {
  int64_t value = 0;
  EXPECT_EQ(Member(object, name).get(value), simdjson::SUCCESS) << name;
  return value;
}

JsonObject ObjectMember(JsonObject object, absl::string_view name) {
  const auto value = AsObject(Member(object, name));
  EXPECT_TRUE(value) << name << " is not an object";
  return value.value_or(*AsObject(EmptyObject()));
}

std::vector<JsonValue> ArrayMember(JsonObject object, absl::string_view name) {
  const auto array = AsArray(Member(object, name));
  EXPECT_TRUE(array) << name << " is not an array";
  if (!array) return {};
  return {array->begin(), array->end()};
}

void ReportCases(absl::string_view file, size_t ran, absl::string_view note) {
  std::cout << "[  VECTORS ] " << file << ": " << ran << " cases ran"
            << (note.empty() ? "" : "; ") << note << std::endl;
}

}  // namespace signet
