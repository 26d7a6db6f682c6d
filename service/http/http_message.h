#ifndef SIGNET_SERVICE_HTTP_HTTP_MESSAGE_H_
#define SIGNET_SERVICE_HTTP_HTTP_MESSAGE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// HttpField is one line of a header (RFC 9110 section 5). Names are compared
// without regard to case.
struct HttpField {
  std::string name;
  std::string value;
};

// FindField returns the value of the first field of this name, or null.
const std::string* FindField(const std::vector<HttpField>& fields,
                             absl::string_view name);

// CountFields tells how many fields have this name.
int CountFields(const std::vector<HttpField>& fields, absl::string_view name);

// HttpRequest is a request without its body, of any HTTP/1 server.
struct HttpRequest {
  std::string method;
  // As it was sent: with nothing decoded, and without what comes after '?'.
  std::string path;
  // What comes after it.
  std::string query;
  std::vector<HttpField> fields;
};

// BodyReader reads the body of a request, or says why there is none:
// OutOfRange, if it is larger than the server takes; Cancelled, if it does not
// come, or not in time. Called at most once.
using BodyReader = absl::FunctionRef<absl::StatusOr<std::string>()>;

// HttpResponse is a whole response. Date, Content-Length and Connection are
// whoever's who sends it.
struct HttpResponse {
  int status = 200;
  std::vector<HttpField> fields;
  std::string body;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_MESSAGE_H_
