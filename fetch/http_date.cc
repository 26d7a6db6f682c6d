#include "fetch/http_date.h"

#include <string>

namespace signet {
namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT"; RFC 850; asctime.
constexpr const char* kForms[] = {"%a, %d %b %Y %H:%M:%S GMT",
                                  "%A, %d-%b-%y %H:%M:%S GMT",
                                  "%a %b %e %H:%M:%S %Y"};

}  // namespace

std::optional<absl::Time> ParseHttpDate(absl::string_view text) {
  for (const char* form : kForms) {
    absl::Time time;
    if (absl::ParseTime(form, text, &time, /*err=*/nullptr) &&
        time != absl::InfinitePast() && time != absl::InfiniteFuture()) {
      return time;
    }
  }
  return std::nullopt;
}

}  // namespace signet
