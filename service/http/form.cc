#include "service/http/form.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace signet {
namespace {

constexpr size_t kMaxParameters = 32;
constexpr absl::string_view kFormType = "application/x-www-form-urlencoded";

bool IsFormType(const std::string* content_type) {
  if (content_type == nullptr) return false;
  // Parameters of the type say nothing that matters to ASCII.
  const absl::string_view type =
      absl::string_view(*content_type).substr(0, content_type->find(';'));
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(type), kFormType);
}

absl::Status AddParameter(absl::string_view text, Form& form) {
  // Without '=' there is a name only.
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  absl::StatusOr<std::string> name = DecodeFormText(halves.first);
  if (!name.ok()) return name.status();
  absl::StatusOr<std::string> value = DecodeFormText(halves.second);
  if (!value.ok()) return value.status();
  if (name->empty()) {
    return absl::InvalidArgumentError("a parameter has no name");
  }
  if (form.size() == kMaxParameters) {
    return absl::InvalidArgumentError(
        absl::StrCat("there are more than ", kMaxParameters, " parameters"));
  }
  if (!form.emplace(*std::move(name), *std::move(value)).second) {
    return absl::InvalidArgumentError("a parameter comes twice");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> DecodeFormText(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%') {
      const absl::string_view digits = text.substr(i + 1, 2);
      if (digits.size() != 2 || !absl::c_all_of(digits, absl::ascii_isxdigit)) {
        return absl::InvalidArgumentError(
            "a '%' is not followed by two hexadecimal digits");
      }
      c = absl::HexStringToBytes(digits).front();
      i += 2;
    }
    if (!absl::ascii_isprint(c)) {
      return absl::InvalidArgumentError(
          "there is something in it that is not printable ASCII");
    }
    decoded.push_back(c);
  }
  return decoded;
}

absl::StatusOr<Form> ParseForm(absl::string_view text) {
  Form form;
  if (text.empty()) return form;
  for (const absl::string_view parameter : absl::StrSplit(text, '&')) {
    const absl::Status added = AddParameter(parameter, form);
    if (!added.ok()) return added;
  }
  return form;
}

absl::StatusOr<Form> ReadForm(const HttpRequest& request,
                              BodyReader read_body) {
  if (!request.query.empty()) {
    return absl::InvalidArgumentError(
        "parameters belong in the body, not in the URL");
  }
  if (!IsFormType(FindField(request.fields, "Content-Type"))) {
    return absl::InvalidArgumentError(
        absl::StrCat("the body must be ", kFormType));
  }
  const absl::StatusOr<std::string> body = read_body();
  if (!body.ok()) return body.status();
  return ParseForm(*body);
}

}  // namespace signet
