#include "store/postgres_values.h"

#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace signet {

PostgresParameter PostgresParameter::Number(int64_t number) {
  return {absl::StrCat(number), Format::kText};
}

PostgresParameter PostgresParameter::Text(absl::string_view text) {
  return {std::string(text), Format::kText};
}

PostgresParameter PostgresParameter::Bytes(const std::string& bytes) {
  return {bytes, Format::kBinary};
}

void PostgresArray::Add(int64_t number) {
  absl::StrAppend(&text_, number, ",");
}

void PostgresArray::Add(const std::string& bytes) {
  // Hexadecimal, of which nothing but the backslash has to be escaped.
  absl::StrAppend(&text_, R"("\\x)", absl::BytesToHexString(bytes), "\",");
}

void PostgresArray::AddName(absl::string_view name) {
  absl::StrAppend(&text_, name, ",");
}

PostgresParameter PostgresArray::Finish() && {
  if (text_.back() == ',') text_.pop_back();
  text_.push_back('}');
  return {std::move(text_), PostgresParameter::Format::kText};
}

int64_t PostgresRow::Int(int column) const {
  // Big-endian.
  uint64_t number = 0;
  for (const char byte : Bytes(column)) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return static_cast<int64_t>(number);
}

absl::string_view PostgresRow::Bytes(int column) const {
  return {PQgetvalue(result_, row_, column),
          static_cast<size_t>(PQgetlength(result_, row_, column))};
}

bool PostgresRow::IsNull(int column) const {
  return PQgetisnull(result_, row_, column) == 1;
}

}  // namespace signet
