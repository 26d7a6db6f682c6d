#ifndef SIGNET_SERVICE_HTTP_FORM_H_
#define SIGNET_SERVICE_HTTP_FORM_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/http/http_message.h"

namespace signet {

// Form is the parameters of a request, by name.
using Form = absl::flat_hash_map<std::string, std::string>;

// ParseForm reads application/x-www-form-urlencoded text strictly: at most 32
// parameters, each at most once and with a name (RFC 6749 section 3.1), ASCII
// only, every '%' followed by two hexadecimal digits. InvalidArgument says what
// is wrong, without quoting the text.
absl::StatusOr<Form> ParseForm(absl::string_view text);

// DecodeFormText decodes one name or value: '+' is a space, and %XX a byte.
absl::StatusOr<std::string> DecodeFormText(absl::string_view text);

// ReadForm reads the form of a POST request (RFC 7662 section 2.1): in the
// body, of its one content type, and nothing in the URL, where a token would
// end up in logs. InvalidArgument says what is wrong; fails also as `read_body`
// does.
absl::StatusOr<Form> ReadForm(const HttpRequest& request, BodyReader read_body);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_FORM_H_
