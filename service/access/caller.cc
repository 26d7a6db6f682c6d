#include "service/access/caller.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fetch/host_name.h"
#include "jose/json_writer.h"
#include "service/access/spiffe_id.h"

namespace signet {

Caller Caller::OfCertificate(absl::Span<const absl::string_view> uris,
                             absl::Span<const absl::string_view> dns_names) {
  if (uris.size() == 1 && IsWorkloadSpiffeId(uris.front())) {
    return {Kind::kSpiffe, std::string(uris.front())};
  }
  if (!uris.empty() || dns_names.size() != 1) return Unidentified();
  const std::string name = absl::AsciiStrToLower(dns_names.front());
  if (!IsHostName(name)) return Unidentified();
  return {Kind::kDns, DnsCallerName(name)};
}

Caller Caller::OfToken(absl::string_view issuer, absl::string_view subject,
                       absl::string_view client_id) {
  Caller caller(Kind::kToken, TokenCallerName(issuer, subject, client_id));
  caller.issuer_ = std::string(issuer);
  caller.subject_ = std::string(subject);
  caller.client_id_ = std::string(client_id);
  return caller;
}

Caller Caller::OfUser(uint32_t uid) {
  return {Kind::kUser, UserCallerName(uid)};
}

std::string DnsCallerName(absl::string_view dns_name) {
  return absl::StrCat("dns:", dns_name);
}

std::string UserCallerName(uint32_t uid) { return absl::StrCat("uid:", uid); }

std::string TokenCallerName(absl::string_view issuer, absl::string_view subject,
                            absl::string_view client_id) {
  return absl::StrCat("token:[", ToJsonString(issuer), ",",
                      ToJsonString(subject), ",", ToJsonString(client_id), "]");
}

}  // namespace signet
