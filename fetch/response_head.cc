#include "fetch/response_head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

constexpr size_t kStatusDigits = 3;
constexpr size_t kMaxValidatorBytes = 1024;

constexpr int kOk = 200;
constexpr int kRequestTimeout = 408;
constexpr int kTooEarly = 425;
constexpr int kTooManyRequests = 429;
constexpr int kFirstFinalStatus = 200;
constexpr int kFirstServerError = 500;

int ReadStatus(absl::string_view status_line) {
  const size_t space = std::min(status_line.find(' '), status_line.size());
  int status = 0;
  // "HTTP/1.1 200 OK"; what is none becomes 0, which nobody accepts.
  if (!absl::SimpleAtoi(status_line.substr(space).substr(0, kStatusDigits + 1),
                        &status)) {
    return 0;
  }
  return status;
}

bool IsOfType(absl::string_view media_type, MediaType expected) {
  switch (expected) {
    case MediaType::kJson:
      return absl::EqualsIgnoreCase(media_type, "application/json") ||
             (absl::StartsWithIgnoreCase(media_type, "application/") &&
              absl::EndsWithIgnoreCase(media_type, "+json"));
    case MediaType::kPlainText:
      return absl::EqualsIgnoreCase(media_type, "text/plain");
  }
  __builtin_unreachable();
}

}  // namespace

ResponseHead::Progress ResponseHead::AddLine(absl::string_view line) {
  if (line.size() > bytes_left_) progress_ = Progress::kTooLarge;
  if (progress_ == Progress::kTooLarge) return progress_;
  bytes_left_ -= line.size();
  if (progress_ == Progress::kComplete) return progress_;
  const absl::string_view text = absl::StripTrailingAsciiWhitespace(line);
  if (absl::StartsWith(text, "HTTP/")) {
    StartHead(text);
  } else if (!text.empty()) {
    AddField(text);
  } else if (status_ >= kFirstFinalStatus) {
    progress_ = Progress::kComplete;
  }
  return progress_;
}

void ResponseHead::StartHead(absl::string_view status_line) {
  *this = ResponseHead(bytes_left_);
  status_ = ReadStatus(status_line);
}

void ResponseHead::AddField(absl::string_view line) {
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return;
  std::string* field = FieldNamed(line.substr(0, colon));
  const absl::string_view value =
      absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (field == nullptr || value.empty()) return;
  if (field->empty()) {
    *field = std::string(value);
  } else if (field == &cache_.cache_control) {
    absl::StrAppend(field, ",", value);
  }
}

std::string* ResponseHead::FieldNamed(absl::string_view name) {
  struct Field {
    absl::string_view name;
    std::string* value;
  };
  const Field fields[] = {{"age", &cache_.age},
                          {"cache-control", &cache_.cache_control},
                          {"content-encoding", &content_encoding_},
                          {"content-type", &content_type_},
                          {"date", &cache_.date},
                          {"etag", &etag_},
                          {"expires", &cache_.expires},
                          {"last-modified", &last_modified_},
                          {"location", &location_}};
  for (const Field& field : fields) {
    if (absl::EqualsIgnoreCase(field.name, name)) return field.value;
  }
  return nullptr;
}

absl::Status CheckStatus(int status) {
  if (status == kOk) return absl::OkStatus();
  if (status == kRequestTimeout || status == kTooEarly ||
      status == kTooManyRequests || status >= kFirstServerError) {
    return absl::UnavailableError(absl::StrCat(
        "the server answered with status ", status, "; try again later"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the server answered with status ", status,
                   "; check that this is the right URL"));
}

absl::Status CheckMediaType(const ResponseHead& head, MediaType expected) {
  if (!head.content_encoding().empty() &&
      !absl::EqualsIgnoreCase(head.content_encoding(), "identity")) {
    return absl::FailedPreconditionError(
        "the answer is compressed, which was not asked for");
  }
  const std::string& type = head.content_type();
  const absl::string_view media_type = absl::StripTrailingAsciiWhitespace(
      absl::string_view(type).substr(0, type.find(';')));
  if (media_type.empty() || IsOfType(media_type, expected)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the answer is not ",
                   expected == MediaType::kJson ? "JSON" : "plain text",
                   " by its Content-Type; check that this is the right URL"));
}

bool IsValidator(absl::string_view value) {
  return !value.empty() && value.size() <= kMaxValidatorBytes &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return absl::ascii_isprint(c); });
}

}  // namespace signet
