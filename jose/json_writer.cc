#include "jose/json_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace signet {
namespace {

void AppendString(std::string& json, absl::string_view text) {
  json.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        json.append("\\\"");
        break;
      case '\\':
        json.append("\\\\");
        break;
      case '\n':
        json.append("\\n");
        break;
      case '\r':
        json.append("\\r");
        break;
      case '\t':
        json.append("\\t");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppendFormat(&json, "\\u%04x", static_cast<unsigned>(c));
        } else {
          json.push_back(c);
        }
    }
  }
  json.push_back('"');
}

}  // namespace

void JsonObjectWriter::StartMember(absl::string_view name) {
  if (text_.size() > 1) text_.push_back(',');
  AppendString(text_, name);
  text_.push_back(':');
}

JsonObjectWriter& JsonObjectWriter::AddString(absl::string_view name,
                                              absl::string_view value) {
  StartMember(name);
  AppendString(text_, value);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::AddStrings(
    absl::string_view name, absl::Span<const std::string> values) {
  StartMember(name);
  text_.push_back('[');
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text_.push_back(',');
    AppendString(text_, values[i]);
  }
  text_.push_back(']');
  return *this;
}

JsonObjectWriter& JsonObjectWriter::AddInteger(absl::string_view name,
                                               int64_t value) {
  StartMember(name);
  absl::StrAppend(&text_, value);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::AddBool(absl::string_view name,
                                            bool value) {
  return AddJson(name, value ? "true" : "false");
}

JsonObjectWriter& JsonObjectWriter::AddJson(absl::string_view name,
                                            absl::string_view json) {
  StartMember(name);
  text_.append(json.data(), json.size());
  return *this;
}

std::string JsonObjectWriter::Finish() && {
  text_.push_back('}');
  return std::move(text_);
}

std::string ToJsonString(absl::string_view text) {
  std::string json;
  AppendString(json, text);
  return json;
}

}  // namespace signet
